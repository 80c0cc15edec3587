import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public, Roles } from '../../http/access/access.decorators.js';
import { IfMatch } from '../../http/envelope/etag.js';
import { PublicFor, Raw } from '../../http/envelope/response.decorators.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives, GivesRaw } from '../../http/openapi/describe.decorators.js';
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
  @Put('resume/basics')
  @Roles('owner')
  @Gives(ResumeSectionsResponse)
  @Fails(PRECONDITION_FAILED, WRITE_CONFLICT)
  updateResume(@Body() body: UpdateResumeDto, @IfMatch() versions: readonly number[] | undefined) {
    return this.resume.update(body, versions);
  }
}
