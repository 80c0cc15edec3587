import { Body, Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public, Roles } from '../../http/access/access.decorators.js';
import { SeenVersions } from '../../http/envelope/etag.js';
import { PublicFor, Raw } from '../../http/envelope/response.decorators.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives, GivesRaw, Takes } from '../../http/openapi/describe.decorators.js';
import { Update } from '../../http/request/update.decorator.js';
import { UpdateResumeDto } from './dto/resume.dto.js';
import { ResumeDocument, ResumeSectionsResponse } from './dto/resume-response.dto.js';
import { ResumeService } from './resume.service.js';

@ApiTags('Portfolio')
@Controller()
export class ResumeController {
  constructor(private readonly resume: ResumeService) {}

  /** A JSON Resume of what the owner wrote, and of the published projects and certifications, a hundred of each. */
  @Get('resume.json')
  @Public()
  @Raw()
  @PublicFor(300)
  @GivesRaw(ResumeDocument)
  getResume() {
    return this.resume.document();
  }

  /** The sections as the owner wrote them, with their version. */
  @Get('resume/basics')
  @Roles('owner')
  @Gives(ResumeSectionsResponse)
  getResumeSections() {
    return this.resume.sections();
  }

  /** Replaces the given sections. */
  @Update('resume/basics')
  @Roles('owner')
  @Takes({ basics: { name: 'Ada Example', label: 'Engineer' }, skills: [{ name: 'TypeScript' }] })
  @Gives(ResumeSectionsResponse)
  @Fails(PRECONDITION_FAILED, WRITE_CONFLICT)
  updateResume(@Body() body: UpdateResumeDto, @SeenVersions() versions: readonly number[] | undefined) {
    return this.resume.update(body, versions);
  }
}
