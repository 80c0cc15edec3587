import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  Length,
  MaxLength,
} from 'class-validator';
import {
  EmptyIsNull,
  IsOmittable,
  OneLine,
  Text,
  WebAddress,
  ReadOnlyFields,
} from '../../../http/validation/validation.decorators.js';
import { EntriesQuery } from '../../portfolio/dto/portfolio.dto.js';
import type { EntryStatus } from '../../portfolio/publication.js';
import { AreNameable } from '../../portfolio/nameable.js';

export class ProjectsQuery extends EntriesQuery {
  /** Made with this; case and accents do not matter. */
  @IsOptional()
  @IsString()
  @Length(1, 50)
  tech?: string;
}

class OptionalProjectFields {
  /** Markdown. */
  @EmptyIsNull()
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  @ApiPropertyOptional({ maxLength: 10_000 })
  longDescription?: string | null;

  /** @example Example Instruments */
  @Text(200)
  @OneLine()
  company?: string | null;

  /** @example https://github.com/example/fretboard */
  @WebAddress()
  githubUrl?: string | null;

  /** @example https://fretboard.example.com */
  @WebAddress()
  liveUrl?: string | null;

  @WebAddress()
  imageUrl?: string | null;
}

export class CreateProjectDto extends OptionalProjectFields {
  /** @example Fretboard */
  @IsString()
  @Length(1, 200)
  @OneLine()
  name!: string;

  /** @example Learns where the notes are. */
  @IsString()
  @Length(1, 500)
  description!: string;

  /** What it is made with. @example ["TypeScript", "Web Audio"] */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(30)
  @IsString({ each: true })
  @Length(1, 50, { each: true })
  @AreNameable()
  tech!: string[];

  @IsOmittable()
  @IsBoolean()
  featured?: boolean = false;
}

/** Changes only what is given; `null` and the empty text clear what is optional. */
@ReadOnlyFields('id', 'status', 'createdAt', 'updatedAt', 'version')
export class UpdateProjectDto extends OptionalProjectFields {
  /** @example Fretboard */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  name?: string;

  /** @example Learns where the notes are. */
  @IsOmittable()
  @IsString()
  @Length(1, 500)
  description?: string;

  /** @example ["TypeScript"] */
  @IsOmittable()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(30)
  @IsString({ each: true })
  @Length(1, 50, { each: true })
  @AreNameable()
  tech?: string[];

  @IsOmittable()
  @IsBoolean()
  featured?: boolean;
}

export class ProjectResponse {
  /** @format uuid */
  id!: string;
  name!: string;
  description!: string;
  /** Markdown. */
  longDescription!: string | null;
  tech!: string[];
  company!: string | null;
  featured!: boolean;
  githubUrl!: string | null;
  liveUrl!: string | null;
  imageUrl!: string | null;
  status!: EntryStatus;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  version!: number;
}
