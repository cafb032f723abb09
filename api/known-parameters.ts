import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { InvalidInputError } from '../services/errors.ts';

/** Refuses unknown parameters: with a misspelt filter the answer would have too many rows. */
export function refuseUnknownParameters(app: FastifyInstance): void {
  app.addHook('preHandler', async ({ url, routeOptions: { config, schema }, is404 }) => {
    if (is404 || config.access === 'public') return;
    const known = schema?.querystring instanceof z.ZodObject ? Object.keys(schema.querystring.shape) : [];
    // The parsed query has only known names.
    const given = new URLSearchParams(url.split('?', 2)[1]);
    const unknown = [...given.keys()].find((name) => !known.includes(name));
    if (unknown === undefined) return;
    throw new InvalidInputError(
      isRepeatable(unknown) ? unknown : 'query',
      known.length === 0
        ? 'is unknown: this route has no parameters'
        : `is unknown: this route has ${known.join(', ')}`,
    );
  });
}

/** Whether a name sent by a caller may be repeated in an answer: it can only be an identifier. */
export function isRepeatable(name: unknown): name is string {
  return typeof name === 'string' && /^\w{1,64}$/.test(name);
}
