import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { CertificationsService } from '../certifications/certifications.service.js';
import { ProjectsService } from '../projects/projects.service.js';
import type { UpdateResumeDto } from './dto/resume.dto.js';
import type { ResumeDocument, ResumeSectionsResponse } from './dto/resume-response.dto.js';
import { sectionsFrom, sectionsOf } from './resume.item.js';
import { ResumeRepository } from './resume.repository.js';

const SCHEMA = 'https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json';

@Injectable()
export class ResumeService {
  constructor(
    private readonly resume: ResumeRepository,
    private readonly projects: ProjectsService,
    private readonly certifications: CertificationsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async sections(): Promise<ResumeSectionsResponse> {
    return sectionsFrom(await this.resume.find());
  }

  async update(
    body: UpdateResumeDto,
    versions: readonly number[] | undefined,
  ): Promise<ResumeSectionsResponse> {
    return sectionsFrom(await this.resume.save(sectionsOf(body), versions));
  }

  /** What the owner wrote, and what is published. */
  async document(): Promise<ResumeDocument> {
    const [item, projects, certifications] = await Promise.all([
      this.resume.find(),
      this.projects.published(),
      this.certifications.published(),
    ]);
    const { version: _, ...sections } = sectionsFrom(item);
    return {
      $schema: SCHEMA,
      ...sections,
      projects: projects.map(({ name, description, tech, liveUrl, githubUrl, company }) => ({
        name,
        description,
        keywords: [...tech],
        ...url(liveUrl ?? githubUrl),
        ...(company !== null && { entity: company }),
      })),
      certificates: certifications.map(({ name, issuer, dateEarned, credentialUrl }) => ({
        name,
        issuer,
        date: dateEarned,
        ...url(credentialUrl),
      })),
      meta: { canonical: `${this.config.publicUrl}/v1/resume.json`, version: 'v1.0.0' },
    };
  }
}

const url = (address: string | null) => (address === null ? {} : { url: address });
