import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsObject, IsOptional, Max, Min } from 'class-validator';
import {
  AsInstant,
  FreeMap,
  IsInstant,
  ReadOnlyFields,
} from '../../../http/validation/validation.decorators.js';

/** Ten years. */
export const LONGEST_TTL_SECONDS = 315_360_000;

@ReadOnlyFields('userId', 'contextType', 'createdAt', 'updatedAt', 'version')
export class PutContextDto {
  /** What is kept, in the place of what was. At most 64 KB as JSON. @example {"tone":"brief","gauge":".010"} */
  @IsObject()
  @FreeMap()
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { tone: 'brief', gauge: '.010' },
  })
  data!: Record<string, unknown>;

  /** Seconds after which it ends by itself; without it and `expiresAt`, or with null, it stays. @example 86400 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_TTL_SECONDS)
  ttlSeconds?: number | null;

  /** When it ends by itself, where `ttlSeconds` does not say so. @format date-time */
  @IsOptional()
  @IsInstant()
  @AsInstant()
  expiresAt?: string | null;
}

export class ContextResponse {
  /** @format uuid */
  userId!: string;
  /** @example assistant */
  contextType!: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  data!: Record<string, unknown>;
  version!: number;
  /** When it ends by itself. @format date-time */
  expiresAt!: string | null;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
}

export class RemovedContextResponse {
  contextType!: string;
  deleted!: true;
}
