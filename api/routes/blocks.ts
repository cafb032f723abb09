import { z } from 'zod';
import {
  blockPositionSchema,
  blockSchema,
  pageOfBlocks,
  setBlockPinned,
} from '../../services/planning/blocks.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { uuid } from '../../services/shapes.ts';
import { LIST_PAGES, listQuery, sendList, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Planning'];

/** Blocks that applied plans have placed. */
export const blockRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/blocks`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listBlocks',
        tags,
        summary: 'Blocks that have not ended, in order of their start',
        description: LIST_PAGES,
        params: workspaceParams,
        querystring: listQuery(blockPositionSchema),
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
