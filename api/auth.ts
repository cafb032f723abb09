import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Caller, createAuthenticator, isKeyShaped } from '../services/keys/api-keys.ts';
import type { EmbedLink } from '../prisma/generated/client.ts';
import type { TokenHolder } from '../services/keys/console-tokens.ts';
import { findEmbedLink, isEmbedToken } from '../services/feeds/embed-links.ts';
import { findSession, isSessionToken } from '../services/keys/sessions.ts';
import { UnauthenticatedError } from '../services/errors.ts';
import { type Access, checkAccess, checkMayChange } from './access.ts';
import type { ApiDependencies } from './dependencies.ts';
import { limitGuesses } from './guess-limit.ts';
import { refuseForgery, sessionTokenOf } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The caller who holds a key, or null. Addresses that guess are refused. */
    findCaller(key: string, ip: string): Promise<Caller | null>;
  }
  interface FastifyRequest {
    /** Null on public routes. */
    caller: Caller | null;
    /** Session of the caller. Null: the caller sent a key. */
    session: TokenHolder | null;
    /** Link whose token the request has. Null except on routes for embed links. */
    embedLink: EmbedLink | null;
    /** Whether the key or session is still valid, for answers that last. Rejects when the database does not answer. */
    isStillAllowed(): Promise<boolean>;
  }
}

const BEARER = /^Bearer +(\S+)$/i;
const EMBED = /^Embed +(\S+)$/i;
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
  const { database, environment, now } = dependencies;
  const adminSecret = environment.INTERNAL_TRIGGER_SECRET_KEY;
  const findKey = createAuthenticator({ database, adminSecret, now });
  const lookUpKey = limitGuesses(findKey);
  const findOpen = async (token: string) => findSession({ database, adminSecret }, token);
  const lookUpSession = limitGuesses(findOpen);
  const lookUpLink = limitGuesses(async (token) => findEmbedLink({ database, adminSecret }, token));

  /** Token of the request's session. A request that has a key is not the browser's own. */
  const sessionOf = (request: FastifyRequest) =>
    request.headers.authorization === undefined ? sessionTokenOf(request, environment) : undefined;

  app.decorate('findCaller', async (key: string, ip: string) =>
    // A malformed key is rejected without a lookup.
    isKeyShaped(key) ? lookUpKey(key, ip) : findKey(key),
  );
  app.decorateRequest('caller', null);
  app.decorateRequest('session', null);
  app.decorateRequest('embedLink', null);
  app.addHook('onRequest', async (request) => {
    const access = accessOf(request);
    if (access === 'public') return;
    if (access === 'embed') {
      const token = EMBED.exec(request.headers.authorization ?? '')?.[1];
      if (token !== undefined && isEmbedToken(token)) request.embedLink = await lookUpLink(token, request.ip);
      return;
    }
    const key = tokenOf(request);
    if (key !== undefined) request.caller = await app.findCaller(key, request.ip);
    const token = sessionOf(request);
    if (token === undefined || !isSessionToken(token)) return;
    request.session = await lookUpSession(token, request.ip);
    request.caller = request.session && callerIn(request.session);
  });
  app.decorateRequest('isStillAllowed', async function isStillAllowed(this: FastifyRequest) {
    const key = tokenOf(this);
    if (key !== undefined) return (await findKey(key)) !== null;
    const token = sessionOf(this);
    return token !== undefined && (await findOpen(token)) !== null;
  });
  app.addHook('preParsing', async (request) => {
    const access = accessOf(request);
    if (access === 'public') return;
    if (access === 'embed') {
      if (request.embedLink !== null) return;
      throw new UnauthenticatedError(
        'The link is unknown, expired or revoked: load the page that shows it anew.',
      );
    }
    if (request.caller === null) {
      throw new UnauthenticatedError(
        'Send a key that is neither revoked nor expired as `Authorization: Bearer <key>`.',
      );
    }
    if (request.session !== null) refuseForgery(request, environment);
    checkAccess(access, request.caller, request.params);
    checkMayChange(request, request.caller);
  });
}

const callerIn = ({ keyId, scope, readOnly }: Caller): Caller => ({ keyId, scope, readOnly });

/** An unknown path is public, so that every caller gets the same 404. */
function accessOf(request: FastifyRequest): Access {
  return request.is404 ? 'public' : (request.routeOptions.config.access ?? 'admin');
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error(`${request.routeOptions.url} is public.`);
  return request.caller;
}
