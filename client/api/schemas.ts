import { z } from 'zod';
import { workspaceIdSchema } from '../input.ts';

/** Path of every route of a workspace. */
export const WORKSPACE_PATH = '/workspaces/:workspaceId';

export const workspaceParams = z.object({ workspaceId: workspaceIdSchema });

export const uuid = (what: string) => z.guid(`must be the UUID of ${what}`).describe(`UUID of ${what}`);

export const instant = z.string().describe('An instant, such as 2026-01-05T09:00:00.000Z');

/** A query parameter that is `true` or `false`. */
export const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');

/** A query parameter that is a whole number: in decimal digits, which are not all that `Number` would take. */
export function wholeNumber(least: number, most: number, fallback: number, unit = '') {
  const error = `must be a whole number${unit && ` of ${unit}`} from ${least} to ${most}`;
  return z.preprocess(
    (text) => (typeof text !== 'string' ? text : /^\d+$/.test(text) ? Number(text) : null),
    z.int({ error }).min(least, { error }).max(most, { error }).default(fallback),
  );
}

/** A query parameter for how many things a page has at most. */
export function pageLimit(most: number, fallback: number) {
  return wholeNumber(1, most, fallback).describe(`At most so many; 1 to ${most}`);
}

/** An instant of a cursor: milliseconds, and no year 0, which Postgres does not know. */
export const cursorInstant = z.iso.datetime({ precision: 3 }).refine((text) => !text.startsWith('0000'));

const CURSOR_RULE = 'must be the nextCursor of the page before, for the same query';
const MOST_CURSOR_CHARACTERS = 512;

/** A query parameter that says where a page begins: opaque to callers. */
export function cursorOf<Shape extends z.ZodType>(shape: Shape) {
  return z
    .string({ error: CURSOR_RULE })
    .max(MOST_CURSOR_CHARACTERS, CURSOR_RULE)
    .transform((text, context): z.output<Shape> => {
      const parsed = shape.safeParse(parseJson(Buffer.from(text, 'base64url').toString()));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: CURSOR_RULE });
      return z.NEVER;
    })
    .optional()
    .describe('`nextCursor` of the page before');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What `cursorOf` reads. */
export function toCursor(position: object): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

export const nextCursor = z.string().optional().describe('Where the next page begins; absent on the last');

/** A run that serves a request. */
export const startedRunSchema = z
  .object({ workflowId: z.string(), runId: z.string() })
  .describe('The run that serves the request');

export const removedSchema = z.object({ removed: z.string().describe('What is gone') });
