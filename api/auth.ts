import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Caller, createAuthenticator, isKeyShaped } from '../services/keys/api-keys.ts';
import { UnauthenticatedError } from '../services/errors.ts';
import { type Access, checkAccess, checkMayChange } from './access.ts';
import type { ApiDependencies } from './dependencies.ts';
import { limitGuesses } from './guess-limit.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on public routes. */
    caller: Caller | null;
    /** Whether the key is still valid, for answers that last. Rejects when the database does not answer. */
    isStillAllowed(): Promise<boolean>;
  }
}

const BEARER = /^Bearer +(\S+)$/i;
const BASIC = /^Basic +(\S+)$/i;

/** Key of a request. With Basic authentication it is the password; the user name is ignored. */
function tokenOf({ headers: { authorization = '' }, routeOptions: { config } }: FastifyRequest) {
  const password = config.acceptsPassword ? BASIC.exec(authorization)?.[1] : undefined;
  if (password === undefined) return BEARER.exec(authorization)?.[1];
  return Buffer.from(password, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
}

/** Identifies the caller, counts the request and checks access, all before the body is read. */
export function authenticate(app: FastifyInstance, dependencies: ApiDependencies): void {
  const findCaller = createAuthenticator({
    database: dependencies.database,
    adminSecret: dependencies.environment.INTERNAL_TRIGGER_SECRET_KEY,
    now: dependencies.now,
  });
  const lookUp = limitGuesses(findCaller);
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    if (accessOf(request) === 'public') return;
    const token = tokenOf(request);
    if (token === undefined) return;
    // A malformed key is rejected without a lookup.
    request.caller = await (isKeyShaped(token) ? lookUp(token, request.ip) : findCaller(token));
  });
  app.decorateRequest('isStillAllowed', async function isStillAllowed(this: FastifyRequest) {
    const token = tokenOf(this);
    return token !== undefined && (await findCaller(token)) !== null;
  });
  app.addHook('preParsing', async (request) => {
    const access = accessOf(request);
    if (access === 'public') return;
    if (request.caller === null) {
      throw new UnauthenticatedError(
        'Send a key that is neither revoked nor expired as `Authorization: Bearer <key>`.',
      );
    }
    checkAccess(access, request.caller, request.params);
    checkMayChange(request, request.caller);
  });
}

/** An unknown path is public, so that every caller gets the same 404. */
function accessOf(request: FastifyRequest): Access {
  return request.is404 ? 'public' : (request.routeOptions.config.access ?? 'admin');
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error(`${request.routeOptions.url} is public.`);
  return request.caller;
}
