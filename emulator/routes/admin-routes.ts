import type { FastifyInstance } from 'fastify';
import type { EmulatorAdmin } from '../admin.ts';
import { AdminInputError } from '../admin/checked.ts';
import { ADMIN_OPERATIONS } from '../admin-schemas.ts';
import { GoogleError } from '../http/google-error.ts';
import { paramOf } from '../http/request-parts.ts';

type AnyOperation = (...args: unknown[]) => Promise<unknown>;

/** POST /_admin/{operation} with the array of arguments as body; GET /_admin lists the operations. */
export function adminRoutes(server: FastifyInstance, admin: EmulatorAdmin): void {
  const byName = new Map<string, AnyOperation>(Object.entries(admin));
  server.get('/_admin', async () => ({ operations: ADMIN_OPERATIONS }));
  server.post('/_admin/:operation', async (request, reply) => {
    const name = paramOf(request, 'operation');
    const operation = byName.get(name);
    if (!operation) {
      return reply
        .status(404)
        .send({ error: `There is no admin operation "${name}"; GET /_admin lists them.` });
    }
    const { body } = request;
    const args = Array.isArray(body) ? body : body === undefined ? [] : [body];
    try {
      const result = await operation(...args);
      return await (result === undefined ? reply.status(204).send() : reply.send(result));
    } catch (error) {
      if (error instanceof AdminInputError) return reply.status(400).send({ error: error.message });
      if (error instanceof GoogleError) return reply.status(error.status).send({ error: error.message });
      throw error;
    }
  });
}
