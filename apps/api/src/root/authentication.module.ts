import { Global, Module } from '@nestjs/common';
import { OrganizationsModule } from '#organizations';
import { SessionsModule } from '#sessions';
import { Authenticator } from '../http/authenticator.js';
import { RoomAuthenticator } from './room-authenticator.js';

/** Who a credential belongs to, for the guard of every route. */
@Global()
@Module({
  imports: [OrganizationsModule, SessionsModule],
  providers: [{ provide: Authenticator, useClass: RoomAuthenticator }],
  exports: [Authenticator],
})
export class AuthenticationModule {}
