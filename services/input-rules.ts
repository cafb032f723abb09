import type { z } from 'zod';

/** Rule for each type that zod names. */
const TYPES: Record<string, string> = {
  string: 'must be text',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
  record: 'must be an object',
  date: 'must be an instant',
};
const UNITS: Record<string, string> = { string: 'character', array: 'item' };

function boundOf(word: 'least' | 'most', origin: string, bound: number | bigint): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `must be at ${word} ${bound}`;
  return `must have at ${word} ${bound} ${unit}${Number(bound) === 1 ? '' : 's'}`;
}

/**
 * The rule that an input breaks, as a phrase that follows the field's name. Used where a schema has no
 * message of its own.
 */
export function ruleOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return 'is unknown here';
  if (issue.code === 'too_small') return boundOf('least', issue.origin, issue.minimum);
  if (issue.code === 'too_big') return boundOf('most', issue.origin, issue.maximum);
  if (issue.code !== 'invalid_type') return undefined;
  return issue.input === undefined ? 'must be given' : TYPES[issue.expected];
}
