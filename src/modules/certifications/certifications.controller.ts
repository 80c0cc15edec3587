import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser, OptionalAuth, Roles } from '../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../http/envelope/etag.js';
import { CreatedAt, PublicFor } from '../../http/envelope/response.decorators.js';
import { AUTH_FORBIDDEN, PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Idempotent } from '../../http/idempotency/idempotent.decorator.js';
import { Fails, Gives, GivesPage, Takes } from '../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../http/openapi/removed.dto.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { Update } from '../../http/request/update.decorator.js';
import { ALREADY_PUBLISHED, NOT_PUBLISHED } from '../portfolio/portfolio.errors.js';
import {
  CreateCertificationDto,
  CertificationResponse,
  CertificationsQuery,
  UpdateCertificationDto,
} from './dto/certification.dto.js';
import { CERTIFICATION_NOT_FOUND } from './certifications.errors.js';
import { CertificationsService } from './certifications.service.js';

const CertificationId = () => Param('id', idOf(CERTIFICATION_NOT_FOUND));

@ApiTags('Certifications')
@Controller('certifications')
export class CertificationsController {
  constructor(private readonly certifications: CertificationsService) {}

  /** Adds a certification, as a draft. */
  @Post()
  @Roles('owner')
  @Idempotent()
  @CreatedAt('/v1/certifications/:id')
  @Takes({
    name: 'Luthier, first class',
    issuer: 'Example Academy',
    type: 'certification',
    dateEarned: '2025-05-31',
    expiresAt: '2028-05-31',
  })
  @Gives(CertificationResponse, 201)
  @Fails(WRITE_CONFLICT)
  create(@Body() body: CreateCertificationDto) {
    return this.certifications.create(body);
  }

  /** The featured ones first, then those that were earned last. */
  @Get()
  @OptionalAuth()
  @PublicFor(60)
  @GivesPage(CertificationResponse)
  @Fails(AUTH_FORBIDDEN)
  list(@CurrentUser() visitor: CurrentUser | undefined, @Query() query: CertificationsQuery) {
    return this.certifications.list(visitor, query as CertificationsQuery & Paged);
  }

  /** A certification; drafts are the owner’s alone. */
  @Get(':id')
  @OptionalAuth()
  @PublicFor(60)
  @Gives(CertificationResponse)
  @Fails(CERTIFICATION_NOT_FOUND)
  get(@CurrentUser() visitor: CurrentUser | undefined, @CertificationId() id: string) {
    return this.certifications.get(visitor, id);
  }

  /** Changes the given fields. */
  @Update(':id')
  @Roles('owner')
  @Takes({ credentialUrl: 'https://example.com/credentials/1' })
  @Gives(CertificationResponse)
  @Fails(CERTIFICATION_NOT_FOUND, PRECONDITION_FAILED, WRITE_CONFLICT)
  update(
    @CertificationId() id: string,
    @Body() body: UpdateCertificationDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.certifications.update(id, body, versions);
  }

  /** Removes a certification. */
  @Delete(':id')
  @Roles('owner')
  @Gives(RemovedResponse)
  @Fails(CERTIFICATION_NOT_FOUND, PRECONDITION_FAILED)
  remove(@CertificationId() id: string, @IfMatch() versions: readonly number[] | undefined) {
    return this.certifications.remove(id, versions);
  }

  /** Shows it to everybody. */
  @Post(':id/publish')
  @Roles('owner')
  @HttpCode(200)
  @Gives(CertificationResponse)
  @Fails(CERTIFICATION_NOT_FOUND, ALREADY_PUBLISHED, PRECONDITION_FAILED, WRITE_CONFLICT)
  publishCertification(@CertificationId() id: string, @IfMatch() versions: readonly number[] | undefined) {
    return this.certifications.setStatus(id, 'published', versions);
  }

  /** Makes it a draft again. */
  @Post(':id/unpublish')
  @Roles('owner')
  @HttpCode(200)
  @Gives(CertificationResponse)
  @Fails(CERTIFICATION_NOT_FOUND, NOT_PUBLISHED, PRECONDITION_FAILED, WRITE_CONFLICT)
  unpublishCertification(@CertificationId() id: string, @IfMatch() versions: readonly number[] | undefined) {
    return this.certifications.setStatus(id, 'draft', versions);
  }
}
