import { Module } from '@nestjs/common';
import { ImagesModule } from '../images/images.module.js';
import { ExchangeController } from './exchange/exchange.controller.js';
import { ExportService } from './exchange/export.service.js';
import { ImportService } from './exchange/import.service.js';
import { GuitarListsService } from './guitar-lists.service.js';
import { GuitarViews } from './guitar-views.js';
import { GuitarsAccountData } from './guitars.account-data.js';
import { GuitarsController } from './guitars.controller.js';
import { GuitarsService } from './guitars.service.js';
import { NotesController } from './notes/notes.controller.js';
import { NotesService } from './notes/notes.service.js';
import { GuitarPhotosController } from './photos/guitar-photos.controller.js';
import { GuitarPhotosModule } from './photos/guitar-photos.module.js';
import { GuitarPhotosService } from './photos/guitar-photos.service.js';
import { GuitarStatisticsController } from './statistics/guitar-statistics.controller.js';
import { GuitarStatisticsService } from './statistics/guitar-statistics.service.js';

@Module({
  imports: [ImagesModule, GuitarPhotosModule],
  // A path of words stands before `/guitars/{id}`, which would take them for ids.
  controllers: [
    ExchangeController,
    GuitarStatisticsController,
    GuitarsController,
    GuitarPhotosController,
    NotesController,
  ],
  providers: [
    GuitarsService,
    GuitarListsService,
    GuitarViews,
    GuitarPhotosService,
    NotesService,
    GuitarStatisticsService,
    ExportService,
    ImportService,
    GuitarsAccountData,
  ],
  exports: [GuitarsService, GuitarListsService],
})
export class GuitarsModule {}
