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
import { CreateProjectDto, ProjectResponse, ProjectsQuery, UpdateProjectDto } from './dto/project.dto.js';
import { PROJECT_NOT_FOUND } from './projects.errors.js';
import { ProjectsService } from './projects.service.js';

const ProjectId = () => Param('id', idOf(PROJECT_NOT_FOUND));

@ApiTags('Projects')
@Controller('projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  /** Adds a project, as a draft. */
  @Post()
  @Roles('owner')
  @Idempotent()
  @CreatedAt('/v1/projects/:id')
  @Takes({
    name: 'Fretboard',
    description: 'Learns where the notes are, by asking.',
    tech: ['TypeScript', 'Web Audio'],
    githubUrl: 'https://example.com/fretboard',
  })
  @Gives(ProjectResponse, 201)
  @Fails(WRITE_CONFLICT)
  create(@Body() body: CreateProjectDto) {
    return this.projects.create(body);
  }

  /** The featured ones first, then the newest. */
  @Get()
  @OptionalAuth()
  @PublicFor(60)
  @GivesPage(ProjectResponse)
  @Fails(AUTH_FORBIDDEN)
  list(@CurrentUser() visitor: CurrentUser | undefined, @Query() query: ProjectsQuery) {
    return this.projects.list(visitor, query as ProjectsQuery & Paged);
  }

  /** A project; drafts are the owner’s alone. */
  @Get(':id')
  @OptionalAuth()
  @PublicFor(60)
  @Gives(ProjectResponse)
  @Fails(PROJECT_NOT_FOUND)
  get(@CurrentUser() visitor: CurrentUser | undefined, @ProjectId() id: string) {
    return this.projects.get(visitor, id);
  }

  /** Changes the given fields. */
  @Update(':id')
  @Roles('owner')
  @Takes({ featured: true, liveUrl: 'https://example.com/fretboard' })
  @Gives(ProjectResponse)
  @Fails(PROJECT_NOT_FOUND, PRECONDITION_FAILED, WRITE_CONFLICT)
  update(
    @ProjectId() id: string,
    @Body() body: UpdateProjectDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.projects.update(id, body, versions);
  }

  /** Removes a project. */
  @Delete(':id')
  @Roles('owner')
  @Gives(RemovedResponse)
  @Fails(PROJECT_NOT_FOUND, PRECONDITION_FAILED)
  remove(@ProjectId() id: string, @IfMatch() versions: readonly number[] | undefined) {
    return this.projects.remove(id, versions);
  }

  /** Shows it to everybody. */
  @Post(':id/publish')
  @Roles('owner')
  @HttpCode(200)
  @Gives(ProjectResponse)
  @Fails(PROJECT_NOT_FOUND, ALREADY_PUBLISHED, PRECONDITION_FAILED, WRITE_CONFLICT)
  publishProject(@ProjectId() id: string, @IfMatch() versions: readonly number[] | undefined) {
    return this.projects.setStatus(id, 'published', versions);
  }

  /** Makes it a draft again. */
  @Post(':id/unpublish')
  @Roles('owner')
  @HttpCode(200)
  @Gives(ProjectResponse)
  @Fails(PROJECT_NOT_FOUND, NOT_PUBLISHED, PRECONDITION_FAILED, WRITE_CONFLICT)
  unpublishProject(@ProjectId() id: string, @IfMatch() versions: readonly number[] | undefined) {
    return this.projects.setStatus(id, 'draft', versions);
  }
}
