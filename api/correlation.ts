import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { InvalidInputError } from '../services/errors.ts';
import { correlationIdSchema } from '../services/input.ts';

export const CORRELATION_HEADER = 'x-correlation-id';

/**
 * ID shared by a request, its log lines and the runs that it starts: the caller's if valid, else a new one.
 */
export function correlationIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[CORRELATION_HEADER];
  return given === undefined ? randomUUID() : (correlationIdSchema.safeParse(given).data ?? randomUUID());
}

/** Adds the correlation ID, which is `request.id`, to every answer. */
export function correlate(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(CORRELATION_HEADER, request.id);
    const given = request.headers[CORRELATION_HEADER];
    if (given !== undefined && given !== request.id) {
      throw new InvalidInputError(
        CORRELATION_HEADER,
        'must be 1 to 128 printable ASCII characters without spaces',
      );
    }
  });
}
