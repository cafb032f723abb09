import { z } from 'zod';
import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { accountSchema, pageOfAccounts } from '../../services/accounts/accounts.ts';
import {
  disconnectAccount,
  disconnectedSchema,
  REVOCATIONS,
} from '../../services/accounts/disconnect-account.ts';
import { createInteractiveGoogle } from '../../services/google/open-google-calendar.ts';
import { importAccount } from '../../services/accounts/import-account.ts';
import { emailSchema, refreshTokenSchema } from '../../services/input.ts';
import { callerOf } from '../auth.ts';
import { oauthSettings } from '../connection.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { uuid } from '../../services/shapes.ts';
import { flag, LIST_PAGES, listQuery, sendList, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Accounts'];

/** Google accounts of a workspace. Those that a user consents to are connected by `connect.ts`. */
export const accountRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { database: shared, environment } = dependencies;
  const tokenCipher = createTokenCipher(environment.TOKEN_ENCRYPTION_KEY);

  app.get(
    `${WORKSPACE_PATH}/accounts`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listAccounts',
        tags,
        summary: 'The accounts of a workspace',
        description: LIST_PAGES,
        params: workspaceParams,
        querystring: listQuery(emailSchema),
        response: { 200: z.array(accountSchema) },
      },
    },
    async (request, reply) => {
      const { cursor: after, limit } = request.query;
      const page = await pageOfAccounts(request.database, request.params.workspaceId, { limit, after });
      return sendList(request, reply, page);
    },
  );

  app.post(
    `${WORKSPACE_PATH}/accounts`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'addAccount',
        tags,
        summary: 'Import a grant that exists already; adding an account again replaces its grant',
        description:
          'Google is asked whose the grant is before it is stored: one that it does not accept, or that is another account’s, is refused. Where Google does not answer, so does this, with 503.',
        params: workspaceParams,
        body: z.strictObject({ email: emailSchema, refreshToken: refreshTokenSchema }),
        response: { 201: accountSchema },
      },
    },
    async (request, reply) => {
      const grant = { ...request.body, workspaceId: request.params.workspaceId };
      const oauth = oauthSettings(environment);
      const added = await importAccount({ database: request.database, shared, tokenCipher, oauth }, grant);
      return reply.code(201).send(added);
    },
  );

  app.delete(
    `${WORKSPACE_PATH}/accounts/:accountId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'disconnectAccount',
        tags,
        summary: 'Give the grant of an account back to Google and delete its tokens',
        params: workspaceParams.extend({ accountId: uuid('the account') }),
        querystring: z.object({
          purge: flag
            .default(false)
            .describe('Delete its calendars and events, too; otherwise they are switched off'),
        }),
        response: {
          200: disconnectedSchema.extend({
            revocation: z
              .enum([...REVOCATIONS, 'kept'])
              .describe(
                'What became of the grant: `failed`: the user should remove it at Google; `kept`: it was left alone; `shared`, for admins: it was left alone because another workspace uses it',
              ),
          }),
        },
      },
    },
    async (request) => {
      const { workspaceId, accountId } = request.params;
      const google = createInteractiveGoogle(request.database, tokenCipher, environment, shared);
      const revokeUrl = environment.GOOGLE_OAUTH_REVOKE_URL;
      const gone = await disconnectAccount(
        { database: request.database, shared, google, tokenCipher, revokeUrl },
        { workspaceId, account: accountId, purge: request.query.purge },
      );
      // Which other workspaces there are, and whose accounts they have, is for admins.
      const isHidden = gone.revocation === 'shared' && callerOf(request).scope !== 'admin';
      return { ...gone, revocation: isHidden ? ('kept' as const) : gone.revocation };
    },
  );
};
