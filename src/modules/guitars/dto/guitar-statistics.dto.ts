import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { rule, ValidationCode } from '../../../http/validation/validation.decorators.js';
import { GUITAR_VALIDATION_ERROR } from '../guitars.errors.js';
import { isCurrency } from '../money.js';

@ValidationCode(GUITAR_VALIDATION_ERROR)
export class GuitarStatisticsQuery {
  /** ISO 4217: leaves out the values of all others. */
  @IsOptional()
  @rule('isCurrency', isCurrency, 'must be a currency of ISO 4217 like EUR')
  currency?: string;
}

/** Sums of one currency; currencies are never mixed. */
export class ValueResponse {
  /** Guitars that have a price in it. */
  count!: number;
  /** null where no guitar says it, as with the others. @format double */
  purchase!: number | null;
  /** @format double */
  current!: number | null;
  /** Current value less purchase price, over the guitars of which both are known. @format double */
  gain!: number | null;
}

export class BrandCountResponse {
  brand!: string;
  count!: number;
}

export class TypeCountResponse {
  type!: string | null;
  count!: number;
}

export class DecadeCountResponse {
  /** null for guitars of no known year. @example 1960 */
  decade!: number | null;
  count!: number;
}

@ApiExtraModels(ValueResponse)
export class GuitarStatisticsResponse {
  count!: number;
  /** By the code of ISO 4217. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(ValueResponse) },
    example: { EUR: { count: 3, purchase: 3899.5, current: 4650, gain: 750.5 } },
  })
  byCurrency!: Record<string, ValueResponse>;
  byBrand!: BrandCountResponse[];
  byType!: TypeCountResponse[];
  byDecade!: DecadeCountResponse[];
}
