import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsObject, IsOptional, Max, Min } from 'class-validator';
import { FreeMap } from '../../../http/validation/validation.decorators.js';

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

  /** Seconds after which it ends by itself; without it, or with null, it stays. @example 86400 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(315360000)
  ttlSeconds?: number | null;
}

export class ContextResponse {
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
