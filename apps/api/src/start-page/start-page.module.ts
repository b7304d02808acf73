import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { SessionsModule } from '#sessions';
import { StartPageController } from './start-page.controller.js';

@Module({ imports: [CqrsModule, SessionsModule], controllers: [StartPageController] })
export class StartPageModule {}
