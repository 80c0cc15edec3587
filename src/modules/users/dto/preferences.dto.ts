import { applyDecorators } from '@nestjs/common';
import { IsIn, IsOptional, validateSync } from 'class-validator';
import { knownFields, toDto } from '../../../http/validation/dto.js';
import { FreeMap, IsTimeZone, OpenFields, rule } from '../../../http/validation/validation.decorators.js';
import { THEMES, type Theme } from '../user.js';

/** A map of settings: known keys are checked, others are the client's own. `null` removes a key. */
@OpenFields()
export class PreferencesDto {
  /** @example Dev */
  @IsOptional()
  @IsIn(THEMES)
  theme?: Theme | null;

  /**
   * An IANA time zone: where the user's days begin and end.
   * @example Europe/Stockholm
   */
  @IsOptional()
  @IsTimeZone()
  timezone?: string | null;

  [key: string]: unknown;
}

/** A field that holds preferences inside another request. */
export const IsPreferences = () =>
  applyDecorators(
    FreeMap(),
    rule(
      'isPreferences',
      (value) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        validateSync(toDto(PreferencesDto, knownFields(PreferencesDto, value))).length === 0,
      `must be an object; theme one of ${THEMES.join(', ')}, timezone an IANA time zone`,
    ),
  );
