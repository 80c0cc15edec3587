import { IsIn, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import { InAnyCase, ValidationCode, WholeNumber } from '../../../http/validation/validation.decorators.js';
import { type Condition, CONDITIONS, GUITAR_TYPES, type GuitarType } from '../guitar.js';
import { GUITAR_VALIDATION_ERROR } from '../guitars.errors.js';

const SORTS = ['-createdAt', 'createdAt', 'brand', '-brand', 'year', '-year'] as const;
export type Sort = (typeof SORTS)[number];

const BRAND_FORMATS = ['counts', 'names'] as const;
export type BrandFormat = (typeof BRAND_FORMATS)[number];

@ValidationCode(GUITAR_VALIDATION_ERROR)
export class BrandsQuery {
  /** `names` lists plain texts, such as a form offers. */
  @IsIn(BRAND_FORMATS)
  format?: BrandFormat = 'counts';
}

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

  /** Only guitars of this type; in upper or lower case. */
  @InAnyCase(GUITAR_TYPES)
  @IsOptional()
  @IsIn(GUITAR_TYPES)
  type?: GuitarType;

  /** The first year. @example 1960 */
  @IsOptional()
  @WholeNumber()
  @Min(0)
  @Max(9999)
  yearMin?: number;

  /** The last year. @example 1969 */
  @IsOptional()
  @WholeNumber()
  @Min(0)
  @Max(9999)
  yearMax?: number;

  /** Only guitars in this condition; in upper or lower case. */
  @InAnyCase(CONDITIONS)
  @IsOptional()
  @IsIn(CONDITIONS)
  condition?: Condition;

  /** Newest first without it; `-` turns an order round. */
  @IsIn(SORTS)
  sort?: Sort = '-createdAt';
}
