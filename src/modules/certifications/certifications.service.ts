import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { VALIDATION_ERROR } from '../../http/errors/common.errors.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { Clock } from '../../platform/clock.js';
import type { Page } from '../../platform/dynamodb/item.js';
import { IdSource } from '../../platform/ids.js';
import { assertMayList, type EntryStatus, mayRead, type Visitor } from '../portfolio/publication.js';
import { type Certification, validityOn } from './certification.js';
import { CERTIFICATION_NOT_FOUND } from './certifications.errors.js';
import { CertificationsRepository } from './certifications.repository.js';
import type {
  CertificationResponse,
  CertificationsQuery,
  CreateCertificationDto,
  UpdateCertificationDto,
} from './dto/certification.dto.js';

type Versions = readonly number[] | undefined;

@Injectable()
export class CertificationsService {
  constructor(
    private readonly certifications: CertificationsRepository,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async create(body: CreateCertificationDto): Promise<CertificationResponse> {
    const fields = {
      name: body.name,
      issuer: body.issuer,
      icon: body.icon ?? null,
      type: body.type,
      featured: body.featured ?? false,
      description: body.description ?? null,
      credentialUrl: body.credentialUrl ?? null,
      credentialId: body.credentialId ?? null,
      dateEarned: body.dateEarned,
      expiresAt: body.expiresAt ?? null,
    };
    assertInOrder(fields);
    return this.shown(await this.certifications.create(this.ids.next(), fields));
  }

  async list(visitor: Visitor, query: CertificationsQuery & Paged): Promise<Page<CertificationResponse>> {
    const { status = 'published', featured, type } = query;
    assertMayList(visitor, status);
    // Of all together there is no list by type.
    const filter = status === 'all' && type !== undefined ? { where: { type } } : {};
    const selection = { status, featured, type: type?.toUpperCase() };
    const page = await this.certifications.page(selection, query, filter);
    return page.map((certification) => this.shown(certification));
  }

  async get(visitor: Visitor, id: string): Promise<CertificationResponse> {
    const certification = await this.certifications.find(id);
    if (!certification || !mayRead(visitor, certification)) throw new ApiError(CERTIFICATION_NOT_FOUND);
    return this.shown(certification);
  }

  async update(id: string, body: UpdateCertificationDto, versions: Versions): Promise<CertificationResponse> {
    const change = (standing: Certification) => {
      const { dateEarned = standing.dateEarned, expiresAt = standing.expiresAt } = body;
      assertInOrder({ dateEarned, expiresAt });
      return { ...body };
    };
    return this.shown(await this.certifications.change(id, change, versions));
  }

  async setStatus(id: string, status: EntryStatus, versions: Versions): Promise<CertificationResponse> {
    return this.shown(await this.certifications.setStatus(id, status, versions));
  }

  remove(id: string, versions: Versions): Promise<{ id: string; deleted: true }> {
    return this.certifications.remove(id, versions);
  }

  /** The first hundred, as everybody sees them. */
  published(): Promise<readonly Certification[]> {
    return this.certifications.published();
  }

  isPublished(id: string): Promise<boolean> {
    return this.certifications.isPublished(id);
  }

  /** What these are called, as far as they are there. */
  titlesOf(ids: readonly string[]): Promise<Map<string, string>> {
    return this.certifications.namesOf(ids);
  }

  private shown(certification: Certification): CertificationResponse {
    return { ...certification, validity: validityOn(this.clock.today(), certification) };
  }
}

/** @throws {ApiError} VALIDATION_ERROR when it expires before it was earned */
function assertInOrder({ dateEarned, expiresAt }: Pick<Certification, 'dateEarned' | 'expiresAt'>): void {
  if (expiresAt === null || expiresAt >= dateEarned) return;
  const message = 'expiresAt must not be before dateEarned';
  throw new ApiError(VALIDATION_ERROR, { details: [{ field: 'expiresAt', code: 'order', message }] });
}
