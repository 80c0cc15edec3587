import { Module } from '@nestjs/common';
import { DeploymentMarks } from './deployment-marks.js';
import { ImageSweeper } from './image-sweeper.service.js';
import { ImagesModule } from './images.module.js';

/** What only the worker needs. */
@Module({ imports: [ImagesModule], providers: [DeploymentMarks, ImageSweeper] })
export class SweepingModule {}
