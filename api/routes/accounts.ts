import { z } from 'zod';
import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { accountSchema, pageOfAccounts } from '../../services/accounts/accounts.ts';
import { disconnectAccount, disconnectedSchema } from '../../services/accounts/disconnect-account.ts';
import { REVOCATIONS } from '../../services/accounts/revoke-account.ts';
import { createInteractiveGoogle } from '../../services/google/open-google-calendar.ts';
import { importAccount } from '../../services/accounts/import-account.ts';
import { emailSchema, refreshTokenSchema } from '../../services/input.ts';
import { callerOf } from '../auth.ts';
import { oauthSettings } from '../connection.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { uuid } from '../../services/shapes.ts';
import { flag, LIST_PAGES, listQuery, sendList, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Accounts'];

/** Google accounts of a workspace. `connect.ts` connects an account with its user's consent. */
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
        summary: 'Import an existing grant; adding an account again replaces its grant',
        description:
          'Google is asked for the owner of the grant before it is stored. A grant that Google rejects, or that belongs to another account, is refused. 503 if Google does not answer.',
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
        summary: 'Revoke the grant of an account at Google and delete its tokens',
        params: workspaceParams.extend({ accountId: uuid('the account') }),
        querystring: z.object({
          purge: flag
            .default(false)
            .describe('Also delete its calendars and events; otherwise its calendars are switched off'),
        }),
        response: {
          200: disconnectedSchema.extend({
            revocation: z
              .enum([...REVOCATIONS, 'kept'])
              .describe(
                'Outcome for the grant. `failed`: the user should remove it at Google. `kept`: it was not revoked. `shared`, shown to admins: it was not revoked because another workspace uses it.',
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
      // Only admins may learn about other workspaces and their accounts.
      const isHidden = gone.revocation === 'shared' && callerOf(request).scope !== 'admin';
      return { ...gone, revocation: isHidden ? ('kept' as const) : gone.revocation };
    },
  );
};
