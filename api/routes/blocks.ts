import { z } from 'zod';
import { pageOfBlocks, setBlockPinned } from '../../services/planning/blocks.ts';
import type { ApiRoutes } from '../dependencies.ts';
import {
  cursorInstant,
  instant,
  LIST_PAGES,
  listQuery,
  sendList,
  uuid,
  WORKSPACE_PATH,
  workspaceParams,
} from '../schemas.ts';

const tags = ['Planning'];
const position = z.object({ startAt: cursorInstant, id: z.guid().toLowerCase() });

const blockSchema = z.object({
  id: uuid('the block'),
  workspaceId: z.string(),
  kind: z.string().describe('`task` or `habit`'),
  refId: z.string().nullable().describe('The task or habit; null once it is gone'),
  title: z.string().nullable(),
  start: instant,
  end: instant,
  chunk: z.object({ index: z.int(), of: z.int() }),
  pinned: z.boolean(),
  pinnedBecause: z
    .string()
    .nullable()
    .describe('`moved`, `resized`, `locked`, `meeting` (it repeats or has guests), `started` or `done`'),
  status: z
    .string()
    .describe('`planned` and `writing` are on their way to Google, `written` is there, `released` leaves it'),
});

/** What the applied plan has placed. */
export const blockRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/blocks`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listBlocks',
        tags,
        summary: 'The blocks that are not over, in order of their start',
        description: LIST_PAGES,
        params: workspaceParams,
        querystring: listQuery(position),
        response: { 200: z.array(blockSchema) },
      },
    },
    async (request, reply) => {
      const { cursor: after, limit } = request.query;
      const page = await pageOfBlocks(request.database, request.params.workspaceId, { limit, after });
      return sendList(request, reply, page);
    },
  );

  app.patch(
    `${WORKSPACE_PATH}/blocks/:blockId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'setBlockPinned',
        tags,
        summary: 'Keep a block where it is, or let the planner move it again',
        params: workspaceParams.extend({ blockId: uuid('the block') }),
        body: z.strictObject({ pinned: z.boolean({ error: 'must be true or false' }) }),
        response: { 200: blockSchema },
      },
    },
    async (request) => {
      const { workspaceId, blockId } = request.params;
      return setBlockPinned(request.database, workspaceId, blockId, request.body.pinned);
    },
  );
};
