import { Module } from '@nestjs/common';
import { ImageObjects } from './image-objects.js';
import { ImagePlaces } from './image-places.js';
import { ImageUses } from './image-uses.js';
import { ImagesAccountData } from './images.account-data.js';
import { ImagesController } from './images.controller.js';
import { ImagesRepository } from './images.repository.js';
import { ImagesService } from './images.service.js';

@Module({
  controllers: [ImagesController],
  providers: [ImagesRepository, ImagesService, ImageObjects, ImagePlaces, ImageUses, ImagesAccountData],
  exports: [ImagesRepository, ImageObjects, ImagePlaces, ImageUses],
})
export class ImagesModule {}
