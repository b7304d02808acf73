import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessModule } from '#access';
import { KeyHoldersController } from './key-holders.controller.js';
import { KeysController } from './keys.controller.js';
import { RedemptionController } from './redemption.controller.js';

@Module({
  imports: [CqrsModule, AccessModule],
  controllers: [KeysController, KeyHoldersController, RedemptionController],
})
export class AccessApiModule {}
