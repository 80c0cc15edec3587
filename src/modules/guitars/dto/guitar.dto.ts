import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
} from 'class-validator';
import {
  EmptyIsNull,
  IsDateOnly,
  IsOmittable,
  Nested,
  rule,
  Text,
  ValidationCode,
  WebAddress,
} from '../../../http/validation/validation.decorators.js';
import { type Condition, CONDITIONS, FIRST_YEAR, GUITAR_TYPES, type GuitarType } from '../guitar.js';
import { GUITAR_VALIDATION_ERROR } from '../guitars.errors.js';
import { isCurrency } from '../money.js';

const MOST_MONEY = 1_000_000_000;

/** An amount in units of `currency`, such as 1299.5. */
const Amount = () => (target: object, property: string) => {
  IsOptional()(target, property);
  ApiPropertyOptional({ minimum: 0, maximum: MOST_MONEY })(target, property);
  IsNumber({ allowNaN: false, allowInfinity: false })(target, property);
  Min(0)(target, property);
  Max(MOST_MONEY)(target, property);
};

/** How it is built, in the words of its maker. */
export class DetailedSpecsDto {
  /** @example Double cutaway */
  @Text(200)
  bodyShape?: string | null;

  @Text(200)
  bodyBinding?: string | null;

  @Text(200)
  topWood?: string | null;

  @Text(200)
  topCarve?: string | null;

  /** @example C */
  @Text(200)
  neckProfile?: string | null;

  @Text(200)
  neckJoint?: string | null;

  @Text(200)
  neckFinish?: string | null;

  /** @example 7.25 in */
  @Text(200)
  fretboardRadius?: string | null;

  @Text(200)
  fretSize?: string | null;

  @Text(200)
  fretboardInlays?: string | null;

  @Text(200)
  nutWidth?: string | null;

  @Text(200)
  nutMaterial?: string | null;

  @Text(200)
  trussRod?: string | null;

  @Text(200)
  neckPickup?: string | null;

  @Text(200)
  bridgePickup?: string | null;

  @Text(200)
  pickupSelector?: string | null;

  @Text(200)
  controls?: string | null;

  @Text(200)
  hardwareFinish?: string | null;

  @Text(200)
  tailpiece?: string | null;

  @Text(200)
  pickguard?: string | null;

  @Text(200)
  controlKnobs?: string | null;

  @Text(200)
  strapButtons?: string | null;

  @Text(200)
  stringTrees?: string | null;

  /** @example 10-46 */
  @Text(200)
  stringGauge?: string | null;

  @Text(200)
  headstock?: string | null;

  /** @example 3.4 kg */
  @Text(200)
  weight?: string | null;
}

/** What only its owner knows. */
export class PrivateInfoDto {
  @Text(200)
  serialNumber?: string | null;

  /** @example 2019-04-13 */
  @EmptyIsNull()
  @IsOptional()
  @IsDateOnly()
  purchaseDate?: string | null;

  @Text(200)
  purchaseLocation?: string | null;

  /** In units of `currency`, with as many decimals as it has. @example 1899 */
  @Amount()
  originalRetailPrice?: number | null;

  /** In units of `currency`. @example 1299.5 */
  @Amount()
  purchasePrice?: number | null;

  /** In units of `currency`. @example 1650 */
  @Amount()
  currentValue?: number | null;

  /** ISO 4217; a price needs it. @example EUR */
  @EmptyIsNull()
  @IsOptional()
  @rule('isCurrency', isCurrency, 'must be a currency of ISO 4217 like EUR')
  currency?: string | null;

  /** A receipt that lies somewhere else. */
  @WebAddress()
  receiptUrl?: string | null;

  /** A receipt that was uploaded here; `receipt` then shows where it can be read for some minutes. */
  @EmptyIsNull()
  @IsOptional()
  @IsUUID()
  receiptImageId?: string | null;

  @Text(2000)
  insuranceInfo?: string | null;
}

/** What create and update share. */
class GuitarFieldsDto {
  @EmptyIsNull()
  @IsOptional()
  @IsIn(GUITAR_TYPES)
  type?: GuitarType | null;

  @EmptyIsNull()
  @IsOptional()
  @IsIn(CONDITIONS)
  condition?: Condition | null;

  /** @example Alder */
  @Text(200)
  bodyMaterial?: string | null;

  /** @example Maple */
  @Text(200)
  neckMaterial?: string | null;

  /** @example Rosewood */
  @Text(200)
  fretboardMaterial?: string | null;

  /** @example 25.5 in */
  @Text(200)
  scaleLength?: string | null;

  /** @example SSS */
  @Text(200)
  pickupConfiguration?: string | null;

  /** @example Sunburst */
  @Text(200)
  color?: string | null;

  /** @example Nitrocellulose */
  @Text(200)
  finish?: string | null;

  /** @example Vintage */
  @Text(200)
  tuningMachines?: string | null;

  /** @example Tremolo */
  @Text(200)
  bridge?: string | null;

  /** @example Bone */
  @Text(200)
  nut?: string | null;

  /** @example Two tone controls */
  @Text(200)
  electronics?: string | null;

  /** @example USA */
  @Text(200)
  countryOfOrigin?: string | null;

  /** @example 22 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(60)
  numberOfFrets?: number | null;

  @IsOptional()
  @IsBoolean()
  caseIncluded?: boolean | null;

  @IsOptional()
  @Nested(() => DetailedSpecsDto)
  detailedSpecs?: DetailedSpecsDto | null;

  @IsOptional()
  @Nested(() => PrivateInfoDto)
  privateInfo?: PrivateInfoDto | null;
}

@ValidationCode(GUITAR_VALIDATION_ERROR)
export class CreateGuitarDto extends GuitarFieldsDto {
  /** @example Fender */
  @IsString()
  @Length(1, 100)
  brand!: string;

  /** @example Stratocaster */
  @IsString()
  @Length(1, 200)
  model!: string;

  /** From 1900 to next year. @example 1964 */
  @IsInt()
  @Min(FIRST_YEAR)
  year!: number;
}

/** Changes only what is given; `null` and the empty text clear what is optional, in a map field by field. */
@ValidationCode(GUITAR_VALIDATION_ERROR)
export class UpdateGuitarDto extends GuitarFieldsDto {
  /** @example Fender */
  @IsOmittable()
  @IsString()
  @Length(1, 100)
  brand?: string;

  /** @example Stratocaster */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  model?: string;

  /** From 1900 to next year. @example 1964 */
  @IsOmittable()
  @IsInt()
  @Min(FIRST_YEAR)
  year?: number;
}

/** A photo's place at a guitar. */
@ValidationCode(GUITAR_VALIDATION_ERROR)
export class GuitarPhotoDto {
  @IsUUID()
  imageId!: string;

  /** Without it the one that it has here; of a photo that is new here, the image's own. */
  @EmptyIsNull()
  @IsOptional()
  @IsString()
  @Length(1, 300)
  caption?: string | null;

  /** Of at most one; the first in order without it. */
  @IsOmittable()
  @IsBoolean()
  isPrimary?: boolean;

  /** As they are given without it. */
  @IsOmittable()
  @IsInt()
  @Min(0)
  @Max(1000)
  order?: number;
}

@ValidationCode(GUITAR_VALIDATION_ERROR)
export class NoteDto {
  /** @example New strings: 10-46. */
  @IsString()
  @Length(1, 2000)
  content!: string;
}
