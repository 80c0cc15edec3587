import type { ToolParameters } from '../../../platform/ai/model.js';

/** What a tool takes. The DTOs decide; this is what models are told of them, and a test holds both together. */
export const takes = (
  properties: Readonly<Record<string, object>>,
  ...required: readonly string[]
): ToolParameters => ({ type: 'object', properties, ...(required.length > 0 && { required }) });

export const text = (description: string, maxLength?: number) => ({
  type: 'string',
  description,
  ...(maxLength !== undefined && { maxLength }),
});

export const oneOf = (values: readonly string[], description?: string) => ({
  type: 'string',
  enum: values,
  ...(description !== undefined && { description }),
});

export const date = (description: string) => ({
  type: 'string',
  description: `${description}, as YYYY-MM-DD`,
});

export const integer = (description: string, minimum: number, maximum: number) => ({
  type: 'integer',
  description,
  minimum,
  maximum,
});

export const texts = (description: string, maxItems: number) => ({
  type: 'array',
  items: { type: 'string' },
  description,
  maxItems,
});

export const id = (of: string) => ({ type: 'string', description: `The id of ${of}` });
