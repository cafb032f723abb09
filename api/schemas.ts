import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { workspaceIdSchema } from '../services/input.ts';

/** Path of every route of a workspace. */
export const WORKSPACE_PATH = '/workspaces/:workspaceId';

export const workspaceParams = z.object({ workspaceId: workspaceIdSchema });

/** A query parameter that is `true` or `false`. */
export const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');

/** A query parameter that is a whole number in decimal digits; `Number` accepts other forms, too. */
export function wholeNumber(least: number, most: number, fallback: number, unit = '') {
  return z.preprocess(readDigits, between(least, most, unit).default(fallback));
}

/** As `wholeNumber`, for a parameter that may be absent. */
export function optionalWholeNumber(least: number, most: number, unit = '') {
  return z.preprocess(readDigits, between(least, most, unit).optional()).optional();
}

function between(least: number, most: number, unit: string) {
  const error = `must be a whole number${unit && ` of ${unit}`} from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function readDigits(text: unknown): unknown {
  return typeof text !== 'string' ? text : /^\d+$/.test(text) ? Number(text) : null;
}

/** A query parameter for the maximum number of items of a page. */
export function pageLimit(most: number, fallback: number) {
  return wholeNumber(1, most, fallback).describe(`Maximum number of items, 1 to ${most}`);
}

const CURSOR_RULE = 'must be the nextCursor of the previous page, for the same query';
const MOST_CURSOR_CHARACTERS = 512;

/** A query parameter for the start of a page, opaque to callers. */
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
    .describe('`nextCursor` of the previous page');
}

/** Undefined if it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Encodes a position for `cursorOf`. */
export function toCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

const LIST_PAGE = 10_000;

/** Query parameters of a list whose rows usually fit on the first page. */
export function listQuery<Shape extends z.ZodType>(position: Shape) {
  return z.object({
    limit: pageLimit(LIST_PAGE, LIST_PAGE),
    cursor: cursorOf(position),
  });
}

/** Description of such a list's pages. */
export const LIST_PAGES =
  'A page ends with `limit` rows or at four megabytes. If another page follows, the header `x-next-cursor` holds its `cursor`, and the header `link` its address.';

/** Sends the rows of a page as a plain list, with the next page in the headers. */
export function sendList<Row>(
  request: FastifyRequest,
  reply: FastifyReply,
  { rows, cursor }: { rows: Row[]; cursor?: unknown },
): Row[] {
  if (cursor === undefined) return rows;
  const next = toCursor(cursor);
  const [path = '', query] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', next);
  void reply.header('x-next-cursor', next).header('link', `<${path}?${parameters.toString()}>; rel="next"`);
  return rows;
}

export const nextCursor = z.string().optional().describe('Cursor of the next page; absent on the last page');

export const removedSchema = z.object({ removed: z.string().describe('ID of what was removed') });
