import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
} from 'class-validator';
import {
  EmptyIsNull,
  IsOmittable,
  MaxEntries,
  Nested,
  OneLine,
  rule,
  Text,
  WebAddress,
  ReadOnlyFields,
} from '../../../http/validation/validation.decorators.js';

/** A year, a month or a day, as JSON Resume writes them. */
const PARTIAL_DATE = /^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;

const PartialDate = () => (target: object, property: string) => {
  EmptyIsNull()(target, property);
  IsOptional()(target, property);
  Matches(PARTIAL_DATE, { message: '$property must be like 2024, 2024-06 or 2024-06-01' })(target, property);
  ApiPropertyOptional({ pattern: PARTIAL_DATE.source })(target, property);
};

/** Together the four sections stay within an item of the table. */
const SECTION_BYTES = 80 * 1024;

const FitsInItem = () =>
  rule(
    'fitsInItem',
    (value) => Buffer.byteLength(JSON.stringify(value) ?? '') <= SECTION_BYTES,
    `must have at most ${SECTION_BYTES} bytes as JSON`,
  );

/** A list of objects of one kind. */
const ListOf = (type: () => new () => object, most: number) => (target: object, property: string) => {
  IsOmittable()(target, property);
  IsArray()(target, property);
  ArrayMaxSize(most)(target, property);
  Nested(type, { each: true })(target, property);
  FitsInItem()(target, property);
  ApiPropertyOptional({ maxItems: most })(target, property);
};

/** A list of short texts. */
const Texts = (limit: number) => (target: object, property: string) => {
  IsOmittable()(target, property);
  IsArray()(target, property);
  ArrayMaxSize(20)(target, property);
  IsString({ each: true })(target, property);
  Length(1, limit, { each: true })(target, property);
  const items = { type: 'string', minLength: 1, maxLength: limit } as const;
  ApiPropertyOptional({ type: 'array', maxItems: 20, items })(target, property);
};

export class ResumeLocationDto {
  @Text(200)
  address?: string | null;

  @Text(20)
  postalCode?: string | null;

  /** @example Stockholm */
  @Text(100)
  city?: string | null;

  /** ISO 3166-1 alpha-2. @example SE */
  @EmptyIsNull()
  @IsOptional()
  @Matches(/^[A-Z]{2}$/)
  countryCode?: string | null;

  @Text(100)
  region?: string | null;
}

export class ResumeProfileDto {
  /** @example GitHub */
  @IsString()
  @Length(1, 100)
  network!: string;

  /** @example example */
  @Text(100)
  username?: string | null;

  /** @example https://github.com/example */
  @WebAddress()
  url?: string | null;
}

export class ResumeBasicsDto {
  /** @example Ada Example */
  @Text(200)
  @OneLine()
  name?: string | null;

  /** @example Luthier and engineer */
  @Text(200)
  @OneLine()
  label?: string | null;

  @WebAddress()
  image?: string | null;

  /** Everybody sees it. @example ada@example.com */
  @EmptyIsNull()
  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  @OneLine({ joiners: false })
  email?: string | null;

  /** Everybody sees it. */
  @Text(50)
  phone?: string | null;

  /** @example https://example.com */
  @WebAddress()
  url?: string | null;

  @Text(2000)
  summary?: string | null;

  @IsOptional()
  @Nested(() => ResumeLocationDto)
  location?: ResumeLocationDto | null;

  @ListOf(() => ResumeProfileDto, 20)
  profiles?: ResumeProfileDto[];
}

export class ResumeWorkDto {
  /** @example Example Instruments */
  @IsString()
  @Length(1, 200)
  @OneLine()
  name!: string;

  @Text(200)
  location?: string | null;

  @Text(500)
  description?: string | null;

  /** @example Engineer */
  @Text(200)
  @OneLine()
  position?: string | null;

  @WebAddress()
  url?: string | null;

  /** @example 2021-03 */
  @PartialDate()
  startDate?: string | null;

  @PartialDate()
  endDate?: string | null;

  @Text(2000)
  summary?: string | null;

  /** @example ["Halved what a build takes"] */
  @Texts(500)
  highlights?: string[];
}

export class ResumeEducationDto {
  /** @example Example University */
  @IsString()
  @Length(1, 200)
  @OneLine()
  institution!: string;

  @WebAddress()
  url?: string | null;

  /** @example Acoustics */
  @Text(200)
  area?: string | null;

  /** @example Master */
  @Text(100)
  studyType?: string | null;

  /** @example 2016-09 */
  @PartialDate()
  startDate?: string | null;

  @PartialDate()
  endDate?: string | null;

  @Text(50)
  score?: string | null;

  @Texts(200)
  courses?: string[];
}

export class ResumeSkillDto {
  /** @example Backend */
  @IsString()
  @Length(1, 100)
  @OneLine()
  name!: string;

  /** @example Senior */
  @Text(50)
  level?: string | null;

  /** @example ["TypeScript", "DynamoDB"] */
  @Texts(100)
  keywords?: string[];
}

/** A section that is given takes the place of what was there. */
@ReadOnlyFields('version')
@MaxEntries(4000)
export class UpdateResumeDto {
  @IsOmittable()
  @Nested(() => ResumeBasicsDto)
  @FitsInItem()
  basics?: ResumeBasicsDto;

  @ListOf(() => ResumeWorkDto, 30)
  work?: ResumeWorkDto[];

  @ListOf(() => ResumeEducationDto, 20)
  education?: ResumeEducationDto[];

  @ListOf(() => ResumeSkillDto, 40)
  skills?: ResumeSkillDto[];
}
