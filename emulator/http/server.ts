import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { sendGoogleError, strikeAfter, strikeBefore, strikesAfterwards } from '../faults/fault-hooks.ts';
import { type CallersCalendar, refusalOfScopes } from '../oauth/scopes.ts';
import type { AccessToken } from '../oauth/token-store.ts';
import { authError } from './caller.ts';
import type { EmulatorContext } from './emulator-context.ts';
import { GoogleError, InsufficientScopesError, notFound } from './google-error.ts';
import { fieldsOf, paramOf, queryOf, textOf } from './request-parts.ts';

/** An iCalendar file of a big calendar, sent to the admin route, is the largest body. */
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;
/** Event IDs may have 1,024 characters, three times that when percent-encoded. */
const MAX_PARAM_LENGTH = 4096;

/**
 * The HTTP server with everything that happens around a route: body parsing, sign-in, quota, faults, errors.
 */
export function createServer(context: EmulatorContext): FastifyInstance {
  const server = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  });
  server.decorateRequest('accessToken', null);
  server.decorateRequest('laterFault', null);
  server.decorateRequest('record', null);
  addBodyParsers(server);
  server.addHook('preHandler', (request, reply) => beforeHandler(context, request, reply));
  server.addHook('onSend', async (request, reply, payload) => {
    if (request.record) request.record.status = reply.statusCode;
    const fault = request.laterFault;
    request.laterFault = null;
    if (!fault || reply.statusCode >= 400) return payload;
    return strikeAfter(fault, request, reply, typeof payload === 'string' ? payload : '');
  });
  server.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  server.setNotFoundHandler((_request, reply) => sendGoogleError(reply, notFound()));
  return server;
}

async function beforeHandler(
  context: EmulatorContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const path = request.url.split('?')[0]!;
  if (path.startsWith('/_admin') || path === '/healthz') return;
  const isApi = path.startsWith('/calendar/v3/');
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const caller = isApi ? context.tokens.check(bearer) : undefined;
  const email = caller?.email ?? ownerOfGrant(context, request.body);
  const query = queryOf(request);

  request.accessToken = caller ?? null;
  request.record = {
    method: request.method,
    path: decodePath(path),
    query,
    status: 0,
    at: context.state.now().toISOString(),
    email: email ?? null,
  };
  context.requests.add(request.record);

  const calendarId = paramOf(request, 'calendarId');
  const fault = context.faults.take({
    method: request.method,
    path: decodePath(path),
    query,
    calendarId,
    email,
    withGuests: hasGuests(request.body),
  });
  if (fault && strikesAfterwards(fault)) request.laterFault = fault;
  else if (fault) await strikeBefore(fault, request, reply);
  if (!isApi || reply.sent) return;

  if (!caller) throw authError();
  context.quota.spend(caller.email, caller.clientId);
  const named = [calendarId, ...[query['destination'] ?? []].flat()];
  const calendars = named.flatMap((id) => callersCalendar(context, caller, id));
  const refusal = refusalOfScopes(caller.scopes, request.method, path, calendars);
  if (refusal !== undefined) throw new InsufficientScopesError(refusal);
}

/** What scopes depend on; nothing for a calendar that the caller cannot see. */
function callersCalendar(
  { state }: EmulatorContext,
  { email, clientId }: AccessToken,
  calendarId: string,
): CallersCalendar[] {
  const access = state.access(email, calendarId);
  if (access === undefined) return [];
  const { store, entry } = access;
  return [{ isMadeByApp: store.meta.clientId === clientId, isOwned: entry.accessRole === 'owner' }];
}

function hasGuests(body: unknown): boolean {
  const { attendees } = fieldsOf(body);
  return Array.isArray(attendees) && attendees.length > 0;
}

/** Owner of the refresh token in a token request, so that faults can target one user. */
function ownerOfGrant(context: EmulatorContext, body: unknown): string | undefined {
  const token = textOf(fieldsOf(body), 'refresh_token');
  return token === undefined ? undefined : context.state.grants.get(token)?.email;
}

function addBodyParsers(server: FastifyInstance): void {
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined);
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(new GoogleError(400, { domain: 'global', reason: 'parseError', message: 'Parse Error' }));
    }
  });
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  // Google's clients send some empty bodies with other types or none.
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body || undefined),
  );
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof GoogleError) return sendGoogleError(reply, error);
  const { statusCode } = fieldsOf(error);
  const status = typeof statusCode === 'number' ? statusCode : 500;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (status >= 500)
    process.stderr.write(
      `emulator: ${request.method} ${request.routeOptions.url ?? ''}: ${stack ?? message}\n`,
    );
  const reason = status >= 500 ? 'backendError' : 'badRequest';
  return sendGoogleError(reply, new GoogleError(status, { domain: 'global', reason, message }));
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
