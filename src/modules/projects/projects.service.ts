import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import type { Page } from '../../platform/dynamodb/item.js';
import { IdSource } from '../../platform/ids.js';
import { assertMayList, type EntryStatus, mayRead, type Visitor } from '../portfolio/publication.js';
import { distinct } from '../portfolio/words.js';
import type { CreateProjectDto, ProjectsQuery, UpdateProjectDto } from './dto/project.dto.js';
import { isMadeWith, type Project } from './project.js';
import { PROJECT_NOT_FOUND } from './projects.errors.js';
import { ProjectsRepository } from './projects.repository.js';

type Versions = readonly number[] | undefined;

@Injectable()
export class ProjectsService {
  constructor(
    private readonly projects: ProjectsRepository,
    private readonly ids: IdSource,
  ) {}

  create(body: CreateProjectDto): Promise<Project> {
    return this.projects.create(this.ids.next(), {
      name: body.name,
      description: body.description,
      longDescription: body.longDescription ?? null,
      tech: distinct(body.tech),
      company: body.company ?? null,
      featured: body.featured ?? false,
      githubUrl: body.githubUrl ?? null,
      liveUrl: body.liveUrl ?? null,
      imageUrl: body.imageUrl ?? null,
    });
  }

  async list(visitor: Visitor, query: ProjectsQuery & Paged): Promise<Page<Project>> {
    const { status = 'published', featured, tech } = query;
    assertMayList(visitor, status);
    const filter = tech === undefined ? {} : { keep: isMadeWith(tech) };
    return this.projects.page({ status, featured }, query, filter);
  }

  async get(visitor: Visitor, id: string): Promise<Project> {
    const project = await this.projects.find(id);
    if (!project || !mayRead(visitor, project)) throw new ApiError(PROJECT_NOT_FOUND);
    return project;
  }

  update(id: string, { tech, ...body }: UpdateProjectDto, versions: Versions): Promise<Project> {
    return this.projects.change(id, () => ({ ...body, tech: tech && distinct(tech) }), versions);
  }

  setStatus(id: string, status: EntryStatus, versions: Versions): Promise<Project> {
    return this.projects.setStatus(id, status, versions);
  }

  remove(id: string, versions: Versions): Promise<{ id: string; deleted: true }> {
    return this.projects.remove(id, versions);
  }

  /** The first hundred, as everybody sees them. */
  published(): Promise<readonly Project[]> {
    return this.projects.published();
  }

  isPublished(id: string): Promise<boolean> {
    return this.projects.isPublished(id);
  }

  /** What these are called, as far as they are there. */
  titlesOf(ids: readonly string[]): Promise<Map<string, string>> {
    return this.projects.namesOf(ids);
  }
}
