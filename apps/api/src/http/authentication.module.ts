import { Global, Module } from '@nestjs/common';
import { OrganizationsModule } from '#organizations';
import { SessionsModule } from '#sessions';
import { Authenticator } from './authenticator.js';
import { RoomAuthenticator } from './room-authenticator.js';

@Global()
@Module({
  imports: [OrganizationsModule, SessionsModule],
  providers: [{ provide: Authenticator, useClass: RoomAuthenticator }],
  exports: [Authenticator],
})
export class AuthenticationModule {}
