import { applyDecorators, type Type } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import {
  AgreesWith,
  AsInstant,
  EmptyIsNull,
  InAnyCase,
  IsDateOnly,
  IsInstant,
  IsOmittable,
  MaxEntries,
  Nested,
  OpenFields,
  rule,
  Text,
  ValidationCode,
  WebAddress,
  ReadOnlyFields,
  IsId,
  NullIsAbsent,
} from '../../../http/validation/validation.decorators.js';
import {
  type Condition,
  CONDITIONS,
  GUITAR_TYPES,
  type GuitarType,
  IMAGES_PER_GUITAR,
  MOST_NOTES,
  OWN_SPEC_NAME,
  ownSpecsOf,
  SPEC_LENGTH,
} from '../guitar.js';
import { GUITAR_VALIDATION_ERROR } from '../guitars.errors.js';
import { isCurrency } from '../money.js';

const MOST_MONEY = 1_000_000_000;

/** An amount in units of `currency`, such as 1299.5. */
const Amount = () => (target: object, property: string) => {
  IsOptional()(target, property);
  ApiPropertyOptional({ type: 'number', format: 'double', minimum: 0, maximum: MOST_MONEY })(
    target,
    property,
  );
  IsNumber({ allowNaN: false, allowInfinity: false })(target, property);
  Min(0)(target, property);
  Max(MOST_MONEY)(target, property);
};

/** How it is built, in the words of its maker; and whatever else its owner names, as text. */
@OpenFields()
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

/** The owner's own names and what they say; the known ones have validators. */
function areSpecs(value: unknown): boolean {
  const own = Object.entries(ownSpecsOf((value ?? {}) as Record<string, unknown>));
  return own.every(
    ([name, text]) =>
      name.length <= OWN_SPEC_NAME &&
      OWN_SPEC_NAME_FORM.test(name) &&
      (text === null || (typeof text === 'string' && text.length <= SPEC_LENGTH)),
  );
}

/** One visible line without a dot, which separates the names of a path. */
const OWN_SPEC_NAME_FORM = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}\p{P}\p{S} ](?<!\.))*$/u;

/** An address that S3 has signed is good for some minutes: who sends a guitar back does not mean it to be kept. */
const SignedIsAbsent = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && value.includes('X-Amz-Signature=') ? undefined : value,
  );

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

  /** A receipt that lies somewhere else. Of one that was uploaded here, the address where it can be read for some minutes. */
  @SignedIsAbsent()
  @WebAddress()
  receiptUrl?: string | null;

  /** A receipt that was uploaded here; `receipt` then shows where it can be read for some minutes. */
  @EmptyIsNull()
  @IsOptional()
  @IsId()
  receiptImageId?: string | null;

  @Text(2000)
  insuranceInfo?: string | null;
}

/** What create and update share. */
class GuitarFieldsDto {
  /** In upper or lower case. */
  @EmptyIsNull()
  @InAnyCase(GUITAR_TYPES)
  @IsOptional()
  @IsIn(GUITAR_TYPES)
  type?: GuitarType | null;

  /** In upper or lower case. */
  @EmptyIsNull()
  @InAnyCase(CONDITIONS)
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

  /** From year 1 to next year; null where it is not known. @example 1964 */
  @IsOptional()
  @IsInt()
  @Min(1)
  year?: number | null;

  @IsOptional()
  @Nested(() => DetailedSpecsDto)
  @rule(
    'areSpecs',
    areSpecs,
    `must hold texts of at most ${SPEC_LENGTH} characters under names of at most ${OWN_SPEC_NAME}`,
  )
  detailedSpecs?: DetailedSpecsDto | null;

  @IsOptional()
  @Nested(() => PrivateInfoDto)
  privateInfo?: PrivateInfoDto | null;
}

/** A photo's place at a guitar. */
@ReadOnlyFields('url', 'thumbnailUrl')
@ValidationCode(GUITAR_VALIDATION_ERROR)
export class GuitarPhotoDto {
  /** Which image it is; as `id` too, as guitars are answered. */
  @NullIsAbsent()
  @ValidateIf(({ id, imageId }: GuitarPhotoDto) => imageId !== undefined || id === undefined)
  @IsId()
  imageId?: string;

  /** Another name of `imageId`. */
  @IsOmittable()
  @IsId()
  @AgreesWith('imageId')
  id?: string;

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

/** A note of a guitar that is sent whole. */
export class GivenNoteDto {
  /** Of a note that is there, which it stays; a UUID of a new note is kept, any other text is replaced by one. */
  @EmptyIsNull()
  @IsOptional()
  @IsString()
  @Length(1, 100)
  id?: string | null;

  /** @example New strings: 10-46. */
  @IsString()
  @Length(1, 2000)
  content!: string;

  /** When it was written, where that was not now. */
  @IsOptional()
  @IsInstant()
  @AsInstant()
  createdAt?: string | null;
}

/** An optional list of DTOs that is sent whole: what is not in it goes. */
const WholeList = (dtoClass: Type<object>, maxItems: number) =>
  applyDecorators(
    IsOmittable(),
    IsArray(),
    ArrayMaxSize(maxItems),
    Nested(() => dtoClass, { each: true }),
    ApiPropertyOptional({ type: [dtoClass], maxItems }),
  );

const Photos = () => WholeList(GuitarPhotoDto, IMAGES_PER_GUITAR);
const Notes = () => WholeList(GivenNoteDto, MOST_NOTES);

/** What every guitar says. */
export class NewGuitarDto extends GuitarFieldsDto {
  /** @example Fender */
  @IsString()
  @Length(1, 100)
  brand!: string;

  /** @example Stratocaster */
  @IsString()
  @Length(1, 200)
  model!: string;
}

@MaxEntries(5000)
@ValidationCode(GUITAR_VALIDATION_ERROR)
export class CreateGuitarDto extends NewGuitarDto {
  /** Photos that were uploaded before, in order. */
  @Photos()
  images?: GuitarPhotoDto[];

  @Notes()
  notes?: GivenNoteDto[];
}

/** Changes only what is given; `null` and the empty text clear what is optional, in a map field by field. */
@ReadOnlyFields('id', 'guitarId', 'userId', 'receipt', 'createdAt', 'updatedAt', 'version')
@MaxEntries(5000)
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

  /** The photos from now on, in order. */
  @Photos()
  images?: GuitarPhotoDto[];

  /** The notes from now on. */
  @Notes()
  notes?: GivenNoteDto[];
}

@ValidationCode(GUITAR_VALIDATION_ERROR)
export class NoteDto {
  /** @example New strings: 10-46. */
  @IsString()
  @Length(1, 2000)
  content!: string;
}

@ReadOnlyFields('id', 'guitarId', 'createdAt')
@ValidationCode(GUITAR_VALIDATION_ERROR)
export class UpdateNoteDto {
  /** @example New strings: 10-46. */
  @IsOmittable()
  @IsString()
  @Length(1, 2000)
  content?: string;
}
