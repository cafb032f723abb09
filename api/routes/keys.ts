import { z } from 'zod';
import {
  apiKeyPositionSchema,
  apiKeySchema,
  createdKeySchema,
  keyIdSchema,
  pageOfApiKeys,
  revokeApiKey,
} from '../../services/keys/api-keys.ts';
import { createKeyFor, newKey } from '../../services/keys/create-key-for.ts';
import { workspaceIdSchema } from '../../services/input.ts';
import { callerOf } from '../auth.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { LIST_PAGES, listQuery, removedSchema, sendList } from '../schemas.ts';

const tags = ['Keys'];

/** Keys of the API, for admins. */
export const keyRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { database, now } = dependencies;

  app.get(
    '/keys',
    {
      config: { access: 'admin', isBigRead: true },
      schema: {
        operationId: 'listKeys',
        tags,
        summary: 'Keys without their secrets, oldest first',
        description: LIST_PAGES,
        querystring: listQuery(apiKeyPositionSchema).extend({
          workspaceId: workspaceIdSchema.optional().describe('Only the keys of this workspace'),
        }),
        response: { 200: z.array(apiKeySchema) },
      },
    },
    async (request, reply) => {
      const { cursor: after, ...filter } = request.query;
      return sendList(request, reply, await pageOfApiKeys({ database, now }, { ...filter, after }));
    },
  );

  app.post(
    '/keys',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'createKey',
        tags,
        summary: 'Create a key for one workspace or for an admin; it is answered only once',
        description:
          'The key does not outlive the one that creates it. Takes no Idempotency-Key, because the answer is a secret and is not stored.',
        body: newKey,
        response: { 201: createdKeySchema },
      },
    },
    async (request, reply) => {
      const created = await createKeyFor({ database, now }, callerOf(request), request.body);
      const { workspaceId, readOnly } = request.body;
      request.log.info({ createdKeyId: created.id, workspaceId, readOnly }, 'Key created');
      return reply.code(201).header('cache-control', 'no-store').send(created);
    },
  );

  app.delete(
    '/keys/:keyId',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'revokeKey',
        tags,
        summary: 'Revoke a key at once, with its sessions and the embed links that it made',
        params: z.object({ keyId: keyIdSchema }),
        response: { 200: removedSchema },
      },
    },
    async (request) => {
      const { id } = await revokeApiKey({ database, now }, request.params.keyId);
      request.log.info({ revokedKeyId: id }, 'Key revoked');
      return { removed: id };
    },
  );
};
