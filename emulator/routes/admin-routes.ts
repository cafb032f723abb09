import type { FastifyInstance } from 'fastify';
import type { EmulatorAdmin } from '../admin.ts';
import { AdminInputError } from '../admin/checked.ts';
import { argumentSchemas } from '../admin-schemas.ts';
import { GoogleError } from '../http/google-error.ts';
import { paramOf } from '../http/request-parts.ts';

type AnyOperation = (...args: unknown[]) => Promise<unknown>;

/** POST /_admin/{operation} with the array of arguments as body; GET /_admin lists the operations. */
export function adminRoutes(server: FastifyInstance, admin: EmulatorAdmin): void {
  server.get('/_admin', async () => ({ operations: Object.keys(argumentSchemas) }));
  server.post('/_admin/:operation', async (request, reply) => {
    const operation = paramOf(request, 'operation');
    if (!Object.hasOwn(argumentSchemas, operation)) {
      return reply
        .status(404)
        .send({ error: `There is no admin operation "${operation}"; GET /_admin lists them.` });
    }
    const { body } = request;
    const args = Array.isArray(body) ? body : body === undefined ? [] : [body];
    try {
      const result = await (admin as unknown as Record<string, AnyOperation>)[operation]!(...args);
      return await (result === undefined ? reply.status(204).send() : reply.send(result));
    } catch (error) {
      if (error instanceof AdminInputError) return reply.status(400).send({ error: error.message });
      if (error instanceof GoogleError) return reply.status(error.status).send({ error: error.message });
      throw error;
    }
  });
}
