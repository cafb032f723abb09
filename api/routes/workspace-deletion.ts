import { startedRunSchema } from '../../client/started-run.ts';
import { readReceipt, receiptSchema } from '../../services/tenancy/receipts.ts';
import { callerOf } from '../auth.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { flag, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';
import { waitAtMost, waitQuery } from '../wait.ts';

const tags = ['Workspaces'];

/** The end of a tenant. Its receipt outlives it. */
export const workspaceDeletionRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { almanac } = dependencies;

  app.delete(
    WORKSPACE_PATH,
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'deleteWorkspace',
        tags,
        summary: 'Delete a workspace with everything that belongs to it',
        description:
          'From the answer on, the workspace is closed. Its runs end, its push channels are stopped, its grants are given back to Google unless another workspace uses them, and its rows are deleted. Repeat the request to join the deletion that is running.',
        params: workspaceParams,
        querystring: waitQuery.extend({
          ownCalendars: flag
            .default(false)
            .describe('Also delete the calendars that Almanac made for it in Google'),
        }),
        response: { 200: receiptSchema, 202: startedRunSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { wait, ownCalendars } = request.query;
      const { keyId } = callerOf(request);
      const asked = { workspaceId, ownCalendars, keyId, correlationId: request.id };
      const run = await almanac.requestDeletion(asked);
      const receipt = await waitAtMost(dependencies, request, reply, wait, () =>
        almanac.waitForDeletion(workspaceId, run),
      );
      return receipt === null ? reply.code(202).send(run) : reply.send(receipt);
    },
  );

  app.get(
    `${WORKSPACE_PATH}/deletion`,
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'readDeletion',
        tags,
        summary: 'The receipt of a deletion, also while it is running',
        params: workspaceParams,
        response: { 200: receiptSchema },
      },
    },
    async (request) => readReceipt(request.database, request.params.workspaceId),
  );
};
