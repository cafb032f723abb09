import { z } from 'zod';
import {
  deadLetterPositionSchema,
  deadLetterSchema,
  discardDeadLetter,
  pageOfDeadLetters,
} from '../../services/dead-letters.ts';
import { retriedSchema, retryDeadLetter } from '../../client/retry-dead-letters.ts';
import { callerOf } from '../auth.ts';
import { uuid } from '../../services/shapes.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { flag, LIST_PAGES, listQuery, sendList, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Dead letters'];

const deadLetterParams = z.object({ deadLetterId: uuid('the dead letter') });

const LIST = {
  tags,
  description: LIST_PAGES,
  querystring: listQuery(deadLetterPositionSchema).extend({
    all: flag.default(false).describe('Also resolved and discarded ones'),
  }),
  response: { 200: z.array(deadLetterSchema) },
};
const RETRY = { tags, response: { 202: retriedSchema } };
const DISCARD = { tags, response: { 200: deadLetterSchema } };

/** Work that stays failed. Workspaces see the installation's dead letters; only admins retry or discard them. */
export const deadLetterRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { database, almanac } = dependencies;

  app.get(
    `${WORKSPACE_PATH}/dead-letters`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        ...LIST,
        operationId: 'listDeadLetters',
        summary: 'Dead letters of a workspace and of the installation, oldest first',
        params: workspaceParams,
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { cursor: after, ...filter } = request.query;
      // A workspace's handle does not reach the installation's dead letters.
      const foreignRuns = callerOf(request).scope === 'admin';
      const page = await pageOfDeadLetters(database, { ...filter, workspaceId, after, foreignRuns });
      return sendList(request, reply, page);
    },
  );

  app.post(
    `${WORKSPACE_PATH}/dead-letters/:deadLetterId/retry`,
    {
      config: { access: 'workspace' },
      schema: {
        ...RETRY,
        operationId: 'retryDeadLetter',
        summary: 'Retry the failed work at once; a success resolves the dead letter',
        params: workspaceParams.extend(deadLetterParams.shape),
      },
    },
    async (request, reply) => {
      const { workspaceId, deadLetterId } = request.params;
      const asked = { workspaceId, source: 'api', correlationId: request.id } as const;
      const retried = await retryDeadLetter({ database: request.database, almanac }, deadLetterId, asked);
      return reply.code(202).send(retried);
    },
  );

  app.post(
    `${WORKSPACE_PATH}/dead-letters/:deadLetterId/discard`,
    {
      config: { access: 'workspace' },
      schema: {
        ...DISCARD,
        operationId: 'discardDeadLetter',
        summary: 'Close a dead letter; the same failure opens a new one only after a success',
        params: workspaceParams.extend(deadLetterParams.shape),
      },
    },
    async (request) => {
      const { workspaceId, deadLetterId } = request.params;
      return discardDeadLetter(request.database, deadLetterId, workspaceId);
    },
  );

  app.get(
    '/dead-letters',
    {
      config: { access: 'admin', isBigRead: true },
      schema: {
        ...LIST,
        operationId: 'listAllDeadLetters',
        summary: 'Dead letters of all workspaces and of the installation',
      },
    },
    async (request, reply) => {
      const { cursor: after, ...filter } = request.query;
      const page = await pageOfDeadLetters(request.database, { ...filter, after });
      return sendList(request, reply, page);
    },
  );

  app.post(
    '/dead-letters/:deadLetterId/retry',
    {
      config: { access: 'admin' },
      schema: {
        ...RETRY,
        operationId: 'retryAnyDeadLetter',
        summary:
          'Retry a dead letter of any workspace, or of the installation: then everything that fails this way',
        params: deadLetterParams,
      },
    },
    async (request, reply) => {
      const { deadLetterId } = request.params;
      const asked = { source: 'api', correlationId: request.id } as const;
      return reply.code(202).send(await retryDeadLetter({ database, almanac }, deadLetterId, asked));
    },
  );

  app.post(
    '/dead-letters/:deadLetterId/discard',
    {
      config: { access: 'admin' },
      schema: {
        ...DISCARD,
        operationId: 'discardAnyDeadLetter',
        summary: 'Close a dead letter of any workspace or of the installation',
        params: deadLetterParams,
      },
    },
    async (request) => discardDeadLetter(request.database, request.params.deadLetterId),
  );
};
