import { Module } from '@nestjs/common';
import { ImagesModule } from '../../images/images.module.js';
import { GuitarsRepository } from '../guitars.repository.js';
import { GuitarPhotos } from './guitar-photos.js';

/** What the function needs that completes uploads: guitars as a place for images, and none of their routes. */
@Module({
  imports: [ImagesModule],
  providers: [GuitarsRepository, GuitarPhotos],
  exports: [GuitarsRepository, GuitarPhotos],
})
export class GuitarPhotosModule {}
