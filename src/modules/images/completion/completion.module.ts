import { Module } from '@nestjs/common';
import { ImagesModule } from '../images.module.js';
import { CompletionController } from './completion.controller.js';
import { CompletionService } from './completion.service.js';
import { Pictures } from './pictures.js';

/** The one route that decodes pictures. On AWS it is a function of its own, so that nothing else carries sharp. */
@Module({
  imports: [ImagesModule],
  controllers: [CompletionController],
  providers: [CompletionService, Pictures],
})
export class CompletionModule {}
