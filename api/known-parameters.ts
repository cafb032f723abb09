import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { InvalidInputError } from '../services/errors.ts';

/** Refuses parameters that a route does not have: a filter that is misspelt would give more than was asked for. */
export function refuseUnknownParameters(app: FastifyInstance): void {
  app.addHook('preHandler', async ({ url, routeOptions: { config, schema }, is404 }) => {
    if (is404 || config.access === 'public') return;
    const known = schema?.querystring instanceof z.ZodObject ? Object.keys(schema.querystring.shape) : [];
    // What has been read of the query has no other names than these.
    const given = new URLSearchParams(url.split('?', 2)[1]);
    const unknown = [...given.keys()].find((name) => !known.includes(name));
    if (unknown === undefined) return;
    throw new InvalidInputError(
      isRepeatable(unknown) ? unknown : 'query',
      known.length === 0
        ? 'is unknown here: there are no parameters'
        : `is unknown here: known are ${known.join(', ')}`,
    );
  });
}

/** Whether an answer may repeat a name that a caller has sent: nothing else can stand in it. */
export function isRepeatable(name: unknown): name is string {
  return typeof name === 'string' && /^\w{1,64}$/.test(name);
}
