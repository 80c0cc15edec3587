import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import {
  EmptyIsNull,
  IsDateOnly,
  IsOmittable,
  OneLine,
  Text,
  WebAddress,
  ReadOnlyFields,
} from '../../../http/validation/validation.decorators.js';
import { EntriesQuery } from '../../portfolio/dto/portfolio.dto.js';
import type { EntryStatus } from '../../portfolio/publication.js';
import { CERTIFICATION_TYPES, type CertificationType, type Validity } from '../certification.js';

export class CertificationsQuery extends EntriesQuery {
  /** Only certifications, or only courses. */
  @IsOptional()
  @IsIn(CERTIFICATION_TYPES)
  type?: CertificationType;
}

class OptionalCertificationFields {
  /** A sign of up to ten characters. @example 🎓 */
  @Text(10)
  icon?: string | null;

  /** Markdown. */
  @EmptyIsNull()
  @IsOptional()
  @IsString()
  @MaxLength(5000)
  @ApiPropertyOptional({ maxLength: 5000 })
  description?: string | null;

  /** Where it can be verified. @example https://credentials.example.com/1234 */
  @WebAddress()
  credentialUrl?: string | null;

  /** @example EX-1234 */
  @Text(200)
  credentialId?: string | null;

  /** The last day on which it holds. @format date @example 2028-05-31 */
  @EmptyIsNull()
  @IsOptional()
  @IsDateOnly()
  expiresAt?: string | null;
}

export class CreateCertificationDto extends OptionalCertificationFields {
  /** @example Luthier, first class */
  @IsString()
  @Length(1, 200)
  @OneLine()
  name!: string;

  /** @example Example Academy */
  @IsString()
  @Length(1, 200)
  @OneLine()
  issuer!: string;

  @IsIn(CERTIFICATION_TYPES)
  type!: CertificationType;

  @IsOmittable()
  @IsBoolean()
  featured?: boolean = false;

  /** @format date @example 2025-05-31 */
  @IsDateOnly()
  dateEarned!: string;
}

/** Changes only what is given; `null` and the empty text clear what is optional. */
@ReadOnlyFields('id', 'validity', 'status', 'createdAt', 'updatedAt', 'version')
export class UpdateCertificationDto extends OptionalCertificationFields {
  /** @example Luthier, first class */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  name?: string;

  /** @example Example Academy */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  issuer?: string;

  @IsOmittable()
  @IsIn(CERTIFICATION_TYPES)
  type?: CertificationType;

  @IsOmittable()
  @IsBoolean()
  featured?: boolean;

  /** @format date @example 2025-05-31 */
  @IsOmittable()
  @IsDateOnly()
  dateEarned?: string;
}

export class CertificationResponse {
  /** @format uuid */
  id!: string;
  name!: string;
  issuer!: string;
  icon!: string | null;
  type!: CertificationType;
  featured!: boolean;
  /** Markdown. */
  description!: string | null;
  credentialUrl!: string | null;
  credentialId!: string | null;
  /** @format date */
  dateEarned!: string;
  /** @format date */
  expiresAt!: string | null;
  /** Today (UTC): `expiring` is one that expires within 30 days. */
  validity!: Validity;
  status!: EntryStatus;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  version!: number;
}
