import type { Item, Key } from '../../platform/dynamodb/item.js';
import type { UpdateResumeDto } from './dto/resume.dto.js';
import type {
  ResumeBasics,
  ResumeEducation,
  ResumeSectionsResponse,
  ResumeSkill,
  ResumeWork,
} from './dto/resume-response.dto.js';

export const RESUME_KEY: Key = { PK: 'PORTFOLIO', SK: 'RESUME' };

const BASICS = ['name', 'label', 'image', 'email', 'phone', 'url', 'summary', 'location', 'profiles'];
const LOCATION = ['address', 'postalCode', 'city', 'countryCode', 'region'];
const PROFILE = ['network', 'username', 'url'];
const SECTIONS = {
  work: [
    'name',
    'location',
    'description',
    'position',
    'url',
    'startDate',
    'endDate',
    'summary',
    'highlights',
  ],
  education: ['institution', 'url', 'area', 'studyType', 'startDate', 'endDate', 'score', 'courses'],
  skills: ['name', 'level', 'keywords'],
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** Of these fields those that say something, in this order: DynamoDB’s maps have none, and JSON Resume knows no null. */
const said = (from: object | null | undefined, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = (from as Fields | null | undefined)?.[name];
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );

function basicsOf(from: object | undefined): ResumeBasics {
  const { location, profiles, ...plain } = said(from, BASICS);
  return {
    ...plain,
    ...(location !== undefined && { location: said(location, LOCATION) }),
    ...(profiles !== undefined && {
      profiles: (profiles as object[]).map((profile) => said(profile, PROFILE)),
    }),
  } as ResumeBasics;
}

const listOf = (name: keyof typeof SECTIONS, from: readonly object[] | undefined) =>
  (from ?? []).map((entry) => said(entry, SECTIONS[name]));

/** Plain objects of what was sent, section by section. */
export function sectionsOf({ basics, work, education, skills }: UpdateResumeDto) {
  return {
    ...(basics && { basics: basicsOf(basics) }),
    ...(work && { work: listOf('work', work) }),
    ...(education && { education: listOf('education', education) }),
    ...(skills && { skills: listOf('skills', skills) }),
  };
}

export const sectionsFrom = (item: Item | undefined): ResumeSectionsResponse => ({
  basics: basicsOf(item?.['basics'] as object | undefined),
  work: listOf('work', item?.['work'] as object[] | undefined) as unknown as ResumeWork[],
  education: listOf('education', item?.['education'] as object[] | undefined) as unknown as ResumeEducation[],
  skills: listOf('skills', item?.['skills'] as object[] | undefined) as unknown as ResumeSkill[],
  version: item?.Version ?? 0,
});
