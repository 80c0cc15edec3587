import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TEMPLATES = '.serverless/templates';

/** The deployments whose templates `npm run templates` writes. */
export const KINDS = ['dev', 'staging', 'prod', 'everything', 'given', 'local'] as const;
export type Kind = (typeof KINDS)[number];

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  // CloudFormation's, of every shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly Properties: Record<string, any>;
}

export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs: Record<string, { readonly Value: unknown }>;
}

/** A copy of its own, which a test may change. */
export function templateOf(kind: Kind | 'global'): Template {
  const file = join(TEMPLATES, `${kind}.json`);
  if (!existsSync(file)) throw new Error('There are no templates. Run: npm run templates');
  return JSON.parse(readFileSync(file, 'utf8')) as Template;
}

/** By logical id, the resources of a type. */
export const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, { Type }]) => Type === type);

/** The logical id that a Ref or a GetAtt names. */
export function named(value: unknown): string | undefined {
  const { Ref, 'Fn::GetAtt': got } = (value ?? {}) as { Ref?: string; 'Fn::GetAtt'?: string[] };
  return Ref ?? got?.[0];
}

/** The functions by their names in serverless.yml. */
export const functionsOf = (template: Template): Record<string, Resource> =>
  Object.fromEntries(
    ofType(template, 'AWS::Lambda::Function').map(([, resource]) => [
      String(resource.Properties['FunctionName']).split('-').at(-1),
      resource,
    ]),
  );
