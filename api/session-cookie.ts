import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ForbiddenError } from '../services/errors.ts';
import { LOOPBACK } from '../contracts/webhook-urls.ts';
import type { ApiDependencies } from './dependencies.ts';

const NAME = 'almanac-session';
export const CSRF_HEADER = 'almanac-csrf';
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

type Environment = Pick<ApiDependencies['environment'], 'PUBLIC_URL'>;

/** Origin at which browsers reach this API. */
export function ownOrigin(request: FastifyRequest, { PUBLIC_URL }: Environment): string {
  return PUBLIC_URL === undefined ? `${request.protocol}://${request.host}` : new URL(PUBLIC_URL).origin;
}

/** Safari, unlike Chromium, accepts the secure form at https only. Without it, only a browser on this machine is signed in. */
function isSecure(request: FastifyRequest, { PUBLIC_URL }: Environment): boolean {
  if (PUBLIC_URL !== undefined) return new URL(PUBLIC_URL).protocol === 'https:';
  return request.protocol === 'https' || !LOOPBACK.includes(hostnameOf(request));
}

/** As in a URL, which writes an IPv6 address in brackets. */
function hostnameOf({ host }: FastifyRequest): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
}

/** With the prefix, no other host of the domain can set it. */
const nameOf = (secure: boolean) => `${secure ? '__Host-' : ''}${NAME}`;

const optionsOf = (secure: boolean): CookieSerializeOptions => ({
  httpOnly: true,
  secure,
  sameSite: 'strict',
  path: '/',
});

/** Token of a browser that is signed in. */
export function sessionTokenOf(request: FastifyRequest, environment: Environment): string | undefined {
  return request.cookies[nameOf(isSecure(request, environment))];
}

/** A cookie without an end, so that a browser that is closed forgets it. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  environment: Environment,
  token: string,
): void {
  const secure = isSecure(request, environment);
  void reply.setCookie(nameOf(secure), token, optionsOf(secure));
}

export function clearSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  environment: Environment,
): void {
  const secure = isSecure(request, environment);
  void reply.clearCookie(nameOf(secure), optionsOf(secure));
}

/**
 * Refuses a write that another site may have made a signed-in browser send.
 * @throws ForbiddenError
 */
export function refuseForgery(request: FastifyRequest, environment: Environment): void {
  if (SAFE_METHODS.includes(request.method)) return;
  refuseForeignOrigin(request, environment);
  if (request.headers[CSRF_HEADER] !== '1')
    throw new ForbiddenError(`A write with a session must send the header \`${CSRF_HEADER}: 1\`.`);
}

/** @throws ForbiddenError if a page of another origin sent the request */
export function refuseForeignOrigin(request: FastifyRequest, environment: Environment): void {
  const { origin, 'sec-fetch-site': site = 'same-origin' } = request.headers;
  const isOwn = origin === undefined || origin === ownOrigin(request, environment) || isHost(request, origin);
  if (isOwn && site === 'same-origin') return;
  throw new ForbiddenError('A session may be used only by pages of this API’s own origin.');
}

function isHost({ host }: FastifyRequest, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
