import { IsBoolean, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import {
  EmptyIsNull,
  IsOmittable,
  OneLine,
  rule,
  Text,
  ReadOnlyFields,
} from '../../../../http/validation/validation.decorators.js';

const IsSiteUrl = () =>
  rule('isSiteUrl', isSiteUrl, 'must be an address like https://example.com, without query and fragment');

/** Also on this machine, where front ends are made. */
function isSiteUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !/^https?:\/\/[^/\s\\][^\s\\]*$/i.test(value) || !URL.canParse(value))
    return false;
  const { username, password } = new URL(value);
  return username === '' && password === '' && !/[?#]|\/\.{1,2}(\/|$)/.test(value);
}

/** Changes only what is given. */
@ReadOnlyFields('version')
export class UpdateSettingsDto {
  /** What the public site is called, in feeds. @example Notes from the workbench */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  title?: string;

  /** @example Guitars, code and what lies between. */
  @Text(500)
  description?: string | null;

  /** As it stands in feeds. @example Ada Example */
  @Text(100)
  authorName?: string | null;

  /** A language tag (BCP 47). @example en */
  @IsOmittable()
  @Matches(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/, { message: '$property must be a tag like en or pt-BR' })
  language?: string;

  /** Where the front end is, without query and fragment; without it where the mails’ links lead. @example https://example.com */
  @EmptyIsNull()
  @IsOptional()
  @IsSiteUrl()
  @MaxLength(200)
  siteUrl?: string | null;

  /** Where the front end shows a post, before its slug. @example /blog */
  @IsOmittable()
  @Matches(/^(\/[\w~-]{1,50}){1,5}$/, { message: '$property must be a path like /blog' })
  blogPath?: string;

  /** Whether everybody may see badges with the numbers of visitors and of views. */
  @IsOmittable()
  @IsBoolean()
  badges?: boolean;

  /** Whether everybody may see the chart of the last 30 days. */
  @IsOmittable()
  @IsBoolean()
  chart?: boolean;
}

export class SettingsResponse {
  title!: string;
  description!: string | null;
  authorName!: string | null;
  language!: string;
  siteUrl!: string;
  blogPath!: string;
  badges!: boolean;
  chart!: boolean;
  version!: number;
}
