import { ArrayMaxSize, IsArray, IsString, Length } from 'class-validator';
import { IsOmittable, ReadOnlyFields } from '../../../http/validation/validation.decorators.js';
import type { MemorySource } from '../memory.js';

class TagsDto {
  /** All of them. @example ["strings"] */
  @IsOmittable()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, 50, { each: true })
  tags?: string[];
}

export class CreateMemoryDto extends TagsDto {
  /** @example I play with .010 strings. */
  @IsString()
  @Length(1, 2000)
  content!: string;
}

@ReadOnlyFields('id', 'source', 'createdAt', 'updatedAt', 'version')
export class UpdateMemoryDto extends TagsDto {
  /** @example I play with .009 strings. */
  @IsOmittable()
  @IsString()
  @Length(1, 2000)
  content?: string;
}

export class MemoryResponse {
  /** @format uuid */
  id!: string;
  content!: string;
  tags!: string[];
  /** Who wrote it down. */
  source!: MemorySource;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  version!: number;
}
