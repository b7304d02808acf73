import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { OrganizationsModule } from '#organizations';
import { ApiKeysController } from './api-keys.controller.js';
import { OrganizationController } from './organization.controller.js';
import { OrganizationsController } from './organizations.controller.js';

@Module({
  imports: [CqrsModule, OrganizationsModule],
  controllers: [OrganizationController, OrganizationsController, ApiKeysController],
})
export class OrganizationsApiModule {}
