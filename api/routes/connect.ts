import { z } from 'zod';
import { accountSchema } from '../../services/accounts/accounts.ts';
import { accountIdSchema } from '../../services/input.ts';
import { beginBrowserConnection, redeemConnection } from '../../services/oauth/browser-connection.ts';
import { instant } from '../../services/shapes.ts';
import { callerOf } from '../auth.ts';
import { connectionContext, syncConnected } from '../connection.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { startedRunSchema, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Accounts'];

/** Connecting an account with its user's consent. */
export const connectRoutes: ApiRoutes = async (app, { dependencies }) => {
  app.post(
    `${WORKSPACE_PATH}/accounts/connect`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'connectAccount',
        tags,
        summary: 'Begin to connect an account: where to send the browser of its user',
        description:
          'The URL serves once, for ten minutes, for the browser that opens it first. With `returnUrl` the browser comes back there with the parameter `connection`, to be redeemed for the user who brings it, or with `error`. Without, a page names the workspace, and the account is connected as soon as its user has consented. Where API_RETURN_ORIGINS names an origin, keys of workspaces have to give it: else 422.',
        params: workspaceParams,
        body: z
          .strictObject({
            accountId: accountIdSchema.optional().describe('Connect this account again, and no other'),
            returnUrl: z
              .string()
              .max(2_000)
              .optional()
              .describe('A page of your own, of an origin that API_RETURN_ORIGINS names'),
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
        summary: 'Connect the account of the user who has come back to returnUrl',
        description:
          'Only where that user is the one for whom the connection was begun: whoever passed the URL on to somebody else would get their calendars.',
        params: workspaceParams,
        body: z.strictObject({
          connection: z.string().max(200).describe('The parameter that the user has brought'),
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
