import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../http/envelope/etag.js';
import { CreatedAt } from '../../http/envelope/response.decorators.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Idempotent } from '../../http/idempotency/idempotent.decorator.js';
import {
  Fails,
  FailsValidationAs,
  Gives,
  GivesArray,
  GivesPage,
  Takes,
} from '../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../http/openapi/removed.dto.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { Update } from '../../http/request/update.decorator.js';
import { IMAGE_NOT_FOUND, IMAGE_WRONG_PURPOSE } from '../images/images.errors.js';
import { CreateGuitarDto, UpdateGuitarDto } from './dto/guitar.dto.js';
import { BrandsQuery, ListGuitarsQuery } from './dto/guitar-query.dto.js';
import { BrandResponse, GuitarResponse } from './dto/guitar-response.dto.js';
import { GuitarListsService } from './guitar-lists.service.js';
import { GUITAR_LIMIT, GUITAR_NOT_FOUND, GUITAR_VALIDATION_ERROR, NOTE_LIMIT } from './guitars.errors.js';
import { GuitarsService } from './guitars.service.js';

const GuitarId = () => Param('id', idOf(GUITAR_NOT_FOUND));

@ApiTags('Guitars')
@Controller('guitars')
export class GuitarsController {
  constructor(
    private readonly guitars: GuitarsService,
    private readonly lists: GuitarListsService,
  ) {}

  /** Adds a guitar to the collection. */
  @Post()
  @Idempotent()
  @CreatedAt('/v1/guitars/:id')
  @Takes({
    brand: 'Fender',
    model: 'Stratocaster',
    year: 1964,
    type: 'Electric',
    color: 'Sunburst',
    privateInfo: { purchasePrice: 1299.5, currency: 'EUR' },
  })
  @Gives(GuitarResponse, 201)
  @Fails(GUITAR_LIMIT, NOTE_LIMIT, IMAGE_NOT_FOUND, IMAGE_WRONG_PURPOSE, WRITE_CONFLICT)
  @FailsValidationAs(GUITAR_VALIDATION_ERROR)
  create(@CurrentUser() user: CurrentUser, @Body() body: CreateGuitarDto) {
    return this.guitars.create(user.id, body);
  }

  /** The collection, or what of it the filters leave. */
  @Get()
  @GivesPage(GuitarResponse)
  @FailsValidationAs(GUITAR_VALIDATION_ERROR)
  list(@CurrentUser() user: CurrentUser, @Query() query: ListGuitarsQuery) {
    return this.lists.list(user.id, query as ListGuitarsQuery & Paged);
  }

  /** The brands of the collection, and how many guitars are of each; or their names alone. */
  @Get('brands')
  @GivesArray(BrandResponse, { orTexts: true })
  @FailsValidationAs(GUITAR_VALIDATION_ERROR)
  listBrands(@CurrentUser() user: CurrentUser, @Query() { format }: BrandsQuery) {
    return this.lists.brands(user.id, format);
  }

  /** A guitar with its notes and photos. */
  @Get(':id')
  @Gives(GuitarResponse)
  @Fails(GUITAR_NOT_FOUND)
  get(@CurrentUser() user: CurrentUser, @GuitarId() id: string) {
    return this.guitars.get(user.id, id);
  }

  /** Changes the given fields. */
  @Update(':id')
  @Takes({ condition: 'Excellent', privateInfo: { currentValue: 1650, currency: 'EUR' } })
  @Gives(GuitarResponse)
  @Fails(GUITAR_NOT_FOUND, NOTE_LIMIT, IMAGE_NOT_FOUND, IMAGE_WRONG_PURPOSE)
  @Fails(PRECONDITION_FAILED, WRITE_CONFLICT)
  @FailsValidationAs(GUITAR_VALIDATION_ERROR)
  update(
    @CurrentUser() user: CurrentUser,
    @GuitarId() id: string,
    @Body() body: UpdateGuitarDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.guitars.update(user.id, id, body, versions);
  }

  /** Removes a guitar, and the photos that only it has. */
  @Delete(':id')
  @Gives(RemovedResponse)
  @Fails(GUITAR_NOT_FOUND, PRECONDITION_FAILED, WRITE_CONFLICT)
  remove(
    @CurrentUser() user: CurrentUser,
    @GuitarId() id: string,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.guitars.remove(user.id, id, versions);
  }
}
