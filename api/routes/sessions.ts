import { z } from 'zod';
import { UnauthenticatedError } from '../../services/errors.ts';
import type { Caller } from '../../services/keys/api-keys.ts';
import type { TokenHolder } from '../../services/keys/console-tokens.ts';
import {
  createSession,
  createSignInToken,
  endSession,
  isSignInToken,
  pageOfSessions,
  revokeSession,
  scopeSchema,
  sessionIdSchema,
  sessionSchema,
  signInUrl,
  spendSignInToken,
} from '../../services/keys/sessions.ts';
import { instant } from '../../services/shapes.ts';
import { callerOf } from '../auth.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { limitGuesses } from '../guess-limit.ts';
import { LIST_PAGES, listQuery, removedSchema, sendList } from '../schemas.ts';
import { clearSessionCookie, ownOrigin, refuseForeignOrigin, setSessionCookie } from '../session-cookie.ts';

const tags = ['Console'];
const MOST_KEY_CHARACTERS = 1_000;

const credentials = z
  .strictObject({
    key: z.string().max(MOST_KEY_CHARACTERS).optional().describe('An API key, or the admin’s secret'),
    signInToken: z.string().max(MOST_KEY_CHARACTERS).optional().describe('Token of a sign-in link'),
  })
  .refine(({ key, signInToken }) => (key === undefined) !== (signInToken === undefined), {
    path: ['key'],
    error: 'or signInToken must be given, and not both',
  });

const openSession = z.object({
  sessionId: sessionIdSchema,
  scope: scopeSchema,
  expiresAt: instant.describe('End at the latest. A session that is idle for two hours ends as well'),
  temporalUiUrl: z.string().nullable().describe('Temporal’s Web UI. Null: unknown'),
  temporalNamespace: z.string(),
});

/** Sessions of browsers that are signed in to the console. */
export const sessionRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { database, environment, temporal } = dependencies;
  const context = { database, adminSecret: environment.INTERNAL_TRIGGER_SECRET_KEY };
  const spend = limitGuesses((token) => spendSignInToken(context, token));

  const show = ({ id, scope, expiresAt }: TokenHolder) => ({
    sessionId: id,
    scope,
    expiresAt: expiresAt.toISOString(),
    temporalUiUrl: environment.TEMPORAL_UI_URL ?? null,
    temporalNamespace: temporal.options.namespace,
  });

  async function identify(
    { key, signInToken = '' }: z.infer<typeof credentials>,
    ip: string,
  ): Promise<Caller> {
    if (key !== undefined) {
      const caller = await app.findCaller(key, ip);
      if (caller !== null) return caller;
      throw new UnauthenticatedError('`key` must be a key that is neither revoked nor expired.');
    }
    const caller = isSignInToken(signInToken) ? await spend(signInToken, ip) : null;
    if (caller !== null) return caller;
    throw new UnauthenticatedError(
      'The sign-in link is used or older than ten minutes: `almanac console` makes a new one.',
    );
  }

  app.post(
    '/session',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'createSession',
        tags,
        summary: 'Sign a browser in to the console',
        description:
          'Sets the cookie `__Host-almanac-session` (without the prefix at http://localhost), with which every route takes the browser for the key: it is sent to this origin only, and no script reads it. Writes with it need the header `almanac-csrf: 1`. The session ends after twelve hours, or when it is idle for two hours, or with its key. A key has at most 20 sessions; the oldest ends.',
        body: credentials,
        response: { 201: openSession },
      },
    },
    async (request, reply) => {
      refuseForeignOrigin(request, environment);
      const caller = await identify(request.body, request.ip);
      const session = await createSession(context, caller, request.headers['user-agent']);
      setSessionCookie(request, reply, environment, session.token);
      return reply.code(201).header('cache-control', 'no-store').send(show(session));
    },
  );

  app.get(
    '/session',
    {
      config: { access: 'authenticated' },
      schema: {
        operationId: 'readSession',
        tags,
        summary: 'The session in use',
        description: '401 without a session, also for a key.',
        response: { 200: openSession },
      },
    },
    async ({ session }) => show(required(session)),
  );

  app.delete(
    '/session',
    {
      config: { access: 'authenticated', readOnlyKeys: true },
      schema: {
        operationId: 'endSession',
        tags,
        summary: 'Sign out',
        response: { 200: removedSchema },
      },
    },
    async (request, reply) => {
      const { id } = required(request.session);
      await endSession(request.database, id);
      clearSessionCookie(request, reply, environment);
      return { removed: id };
    },
  );

  app.get(
    '/sessions',
    {
      config: { access: 'authenticated', isBigRead: true },
      schema: {
        operationId: 'listSessions',
        tags,
        summary: 'Sessions that have not ended: of the key’s workspace, or all for an admin',
        description: LIST_PAGES,
        querystring: listQuery(sessionIdSchema),
        response: { 200: z.array(sessionSchema) },
      },
    },
    async (request, reply) => {
      const { cursor: after, limit } = request.query;
      return sendList(request, reply, await pageOfSessions(request.database, { limit, after }));
    },
  );

  app.delete(
    '/sessions/:sessionId',
    {
      config: { access: 'authenticated' },
      schema: {
        operationId: 'revokeSession',
        tags,
        summary: 'End a session at once, and the embed links that it made',
        params: z.object({ sessionId: sessionIdSchema }),
        response: { 200: removedSchema },
      },
    },
    async (request) => {
      const { sessionId } = request.params;
      await revokeSession(request.database, sessionId);
      return { removed: sessionId };
    },
  );

  app.post(
    '/session/sign-in-tokens',
    {
      config: { access: 'admin', readOnlyKeys: true },
      schema: {
        operationId: 'createSignInToken',
        tags,
        summary: 'Make a link that signs one browser in to the console, once',
        description:
          'It works for ten minutes. Takes no Idempotency-Key, because the answer is a secret and is not stored.',
        response: {
          201: z.object({
            signInToken: z.string(),
            url: z.string().describe('Opens the console and signs it in'),
            expiresAt: instant,
          }),
        },
      },
    },
    async (request, reply) => {
      const { signInToken, expiresAt } = await createSignInToken(context, callerOf(request));
      const url = signInUrl(ownOrigin(request, environment), signInToken);
      return reply.code(201).send({ signInToken, url, expiresAt: expiresAt.toISOString() });
    },
  );
};

function required(session: TokenHolder | null): TokenHolder {
  if (session === null)
    throw new UnauthenticatedError('There is no session: `POST /api/v1/session` signs in.');
  return session;
}
