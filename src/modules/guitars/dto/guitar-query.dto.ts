import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import { ValidationCode } from '../../../http/validation/validation.decorators.js';
import { type Condition, CONDITIONS, GUITAR_TYPES, type GuitarType } from '../guitar.js';
import { GUITAR_VALIDATION_ERROR } from '../guitars.errors.js';

const SORTS = ['-createdAt', 'createdAt', 'brand', '-brand', 'year', '-year'] as const;
export type Sort = (typeof SORTS)[number];

@ValidationCode(GUITAR_VALIDATION_ERROR)
export class ListGuitarsQuery extends PageQuery {
  /** Words, each of which is in brand, model, color, serial number or a note; case and accents do not matter. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  search?: string;

  /** The whole name; case and accents do not matter. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  brand?: string;

  @IsOptional()
  @IsIn(GUITAR_TYPES)
  type?: GuitarType;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(9999)
  yearMin?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(9999)
  yearMax?: number;

  @IsOptional()
  @IsIn(CONDITIONS)
  condition?: Condition;

  /** Newest first without it; `-` turns an order round. */
  @IsIn(SORTS)
  sort?: Sort = '-createdAt';
}
