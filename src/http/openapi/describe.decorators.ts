import type { Type } from '@nestjs/common';
import type { ErrorDefinition } from '../errors/api-error.js';

/** What the OpenAPI document says of a route beyond what Nest knows; `document.ts` writes it down. */
export interface RouteDescription {
  readonly gives?: Answer;
  /** What a 202 gives, where that is not what the route gives as a rule. */
  readonly accepts?: Type<unknown>;
  /** What a 301 gives, where an address may be a former one. */
  readonly moves?: Type<unknown>;
  readonly errors?: readonly ErrorDefinition[];
  /** Codes of errors that another module defines and this route passes on. */
  readonly passes?: readonly string[];
  /** Another content type that the body may have, as a text. */
  readonly takesText?: string;
  /** The code of invalid fields, where a module has its own. */
  readonly invalid?: ErrorDefinition;
  /** A body that does something useful as it stands. */
  readonly example?: object;
  /** Whether the route has a rate window or another reason for 429. */
  readonly limited?: boolean;
  /** Whether the answer has an ETag by which it can be changed, though it shows no version. */
  readonly versioned?: boolean;
}

export interface Answer {
  readonly status: number;
  /** Several are alternatives. */
  readonly models: readonly Type<unknown>[];
  readonly shape: 'one' | 'array' | 'page' | 'raw' | 'nothing' | 'dates' | 'ids' | 'files';
  /** What it may be by content type, without the envelope: a text, or JSON of a model. */
  readonly files?: Readonly<Record<string, 'text' | Type<unknown>>>;
  /** Whether entries of an array may be texts instead. */
  readonly orTexts?: boolean;
  /** Whether a `Link` may name where it goes on. */
  readonly goesOn?: boolean;
}

const DESCRIPTION = 'hearth:openapi';

export const descriptionOf = (handler: object): RouteDescription =>
  Reflect.getMetadata(DESCRIPTION, handler) ?? {};

export function describe(addition: (known: RouteDescription) => RouteDescription): MethodDecorator {
  return (_target, _property, descriptor) => {
    const handler = descriptor.value as object;
    Reflect.defineMetadata(DESCRIPTION, addition(descriptionOf(handler)), handler);
  };
}

const gives = (answer: Answer) => describe((known) => ({ ...known, gives: answer }));

type Models = Type<unknown> | readonly Type<unknown>[];

const asList = (models: Models) => [models].flat() as readonly Type<unknown>[];

/** One resource under `data`. */
export const Gives = (models: Models, status = 200) =>
  gives({ status, models: asList(models), shape: 'one' });
/** An array under `data`, and where the next page begins under `meta`. */
export const GivesPage = (models: Models) => gives({ status: 200, models: asList(models), shape: 'page' });
/** A whole array under `data`. */
export const GivesArray = (models: Models, { orTexts = false }: { readonly orTexts?: boolean } = {}) =>
  gives({ status: 200, models: asList(models), shape: 'array', orTexts });
/** The document itself, without the envelope. */
export const GivesRaw = (models: Models) => gives({ status: 200, models: asList(models), shape: 'raw' });

/** The answer has an ETag of the resource that it is a part of, or whose version it does not show. */
export const Versioned = () => describe((known) => ({ ...known, versioned: true }));

/** An array of calendar dates under `data`. */
export const GivesDates = () => gives({ status: 200, models: [], shape: 'dates' });
/** An array of ids under `data`, and where the next page begins under `meta`. */
export const GivesIds = () => gives({ status: 200, models: [], shape: 'ids' });
/** A file of one of these content types, without the envelope. */
export const GivesFile = (
  files: Readonly<Record<string, 'text' | Type<unknown>>>,
  { goesOn = false }: { readonly goesOn?: boolean } = {},
) =>
  gives({
    status: 200,
    models: Object.values(files).filter((model) => model !== 'text'),
    shape: 'files',
    files,
    goesOn,
  });

/** 204. */
export const GivesNothing = () => gives({ status: 204, models: [], shape: 'nothing' });
/** Under other circumstances a 202 (`Accepted`). */
export const MayGiveAccepted = (accepts: Type<unknown>) => describe((known) => ({ ...known, accepts }));

/** The address may be a former one: a 301 (`MovedPermanently`). */
export const MayMove = (moves: Type<unknown>) => describe((known) => ({ ...known, moves }));

/** The errors a route answers beyond those that follow from its shape (401, 413, 415, 500, 503 and so on). */
export const Fails = (...errors: readonly ErrorDefinition[]) =>
  describe((known) => ({ ...known, errors: [...(known.errors ?? []), ...errors] }));

/** Errors of a module that this one does not know, by their codes. */
export const PassesOn = (...passes: readonly string[]) => describe((known) => ({ ...known, passes }));

/** The body may be a text of another content type as well. */
export const TakesText = (takesText: string) => describe((known) => ({ ...known, takesText }));

/** A body for the document, where the fields' own examples make no sense together. */
export const Takes = (example: object) => describe((known) => ({ ...known, example }));

/** The module's own code for invalid fields. */
export const FailsValidationAs = (invalid: ErrorDefinition) => describe((known) => ({ ...known, invalid }));
