import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { PostsService } from '../blog/posts.service.js';
import { CertificationsService } from '../certifications/certifications.service.js';
import { ProjectsService } from '../projects/projects.service.js';
import { CONTENT_NOT_FOUND } from './analytics.errors.js';
import type { ContentType } from './counting/counter.js';

/** What has views. */
interface Content {
  isPublished(id: string): Promise<boolean>;
  titlesOf(ids: readonly string[]): Promise<Map<string, string>>;
}

/** The modules whose content is viewed, by their types. */
@Injectable()
export class Contents {
  private readonly byType: Readonly<Record<ContentType, Content>>;

  constructor(blog: PostsService, project: ProjectsService, certification: CertificationsService) {
    this.byType = { blog, project, certification };
  }

  /** @throws {ApiError} CONTENT_NOT_FOUND also for what is not published, to everybody */
  async assertPublished(type: ContentType, id: string): Promise<void> {
    if (!(await this.byType[type].isPublished(id))) throw new ApiError(CONTENT_NOT_FOUND);
  }

  titlesOf(type: ContentType, ids: readonly string[]): Promise<Map<string, string>> {
    return this.byType[type].titlesOf(ids);
  }
}
