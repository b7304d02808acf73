import { Global, Module } from '@nestjs/common';
import { AccessModule } from '#access';
import { OrganizationsModule } from '#organizations';
import { SessionsModule } from '#sessions';
import { Authenticator } from '../http/authenticator.js';
import { KeyGate } from './key-gate.js';
import { RoomAuthenticator } from './room-authenticator.js';

/** Who a credential belongs to, for the guard of every route. */
@Global()
@Module({
  imports: [AccessModule, OrganizationsModule, SessionsModule],
  providers: [KeyGate, { provide: Authenticator, useClass: RoomAuthenticator }],
  exports: [Authenticator],
})
export class AuthenticationModule {}
