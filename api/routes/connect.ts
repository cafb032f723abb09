import { z } from 'zod';
import { accountSchema } from '../../services/accounts/accounts.ts';
import { accountIdSchema } from '../../services/input.ts';
import { beginBrowserConnection, redeemConnection } from '../../services/oauth/browser-connection.ts';
import { instant } from '../../services/shapes.ts';
import { callerOf } from '../auth.ts';
import { connectionContext, syncConnected } from '../connection.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { startedRunSchema } from '../../client/started-run.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Accounts'];

/** Connects an account with its user's consent. */
export const connectRoutes: ApiRoutes = async (app, { dependencies }) => {
  app.post(
    `${WORKSPACE_PATH}/accounts/connect`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'connectAccount',
        tags,
        summary: 'Begin to connect an account: returns the URL for the browser of its user',
        description:
          'The URL works once, within ten minutes, in the first browser that opens it. With `returnUrl` the browser returns there with the parameter `connection`, to be redeemed for the user who brings it, or with `error`. Without it a page names the workspace, and the account is connected once its user has consented. If API_RETURN_ORIGINS names an origin, keys of workspaces must give `returnUrl`: otherwise 422.',
        params: workspaceParams,
        body: z
          .strictObject({
            accountId: accountIdSchema.optional().describe('Reconnect this account only'),
            returnUrl: z
              .string()
              .max(2_000)
              .optional()
              .describe('A page of your product, at an origin that API_RETURN_ORIGINS names'),
          })
          .nullish(),
        response: { 201: z.object({ url: z.string(), expiresAt: instant }) },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const context = connectionContext(dependencies);
      const isAdmin = callerOf(request).scope === 'admin';
      const begun = await beginBrowserConnection(
        { ...context, database: request.database },
        { ...request.body, workspaceId, isAdmin },
      );
      return reply.code(201).send(begun);
    },
  );

  app.post(
    `${WORKSPACE_PATH}/accounts/connect/redeem`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'redeemConnection',
        tags,
        summary: 'Connect the account of the user who has returned to `returnUrl`',
        description:
          'Redeem it only for the user for whom the connection was begun. Otherwise a user could send the URL to another person and get that person’s calendars.',
        params: workspaceParams,
        body: z.strictObject({
          connection: z.string().max(200).describe('The `connection` parameter of the returning user'),
        }),
        response: { 201: accountSchema.extend({ sync: startedRunSchema.nullable() }) },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { connection } = request.body;
      const context = connectionContext(dependencies);
      const account = await redeemConnection(
        { ...context, database: request.database },
        { workspaceId, connection },
      );
      const sync = await syncConnected(dependencies, request, workspaceId);
      return reply.code(201).send({ ...account, sync });
    },
  );
};
