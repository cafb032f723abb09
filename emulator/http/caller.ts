import type { FastifyRequest } from 'fastify';
import type { Fault } from '../faults/fault-book.ts';
import type { AccessToken } from '../oauth/token-store.ts';
import type { RequestRecord } from './request-log.ts';
import { GoogleError } from './google-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The authenticated caller; null before authentication. */
    accessToken: AccessToken | null;
    /** A fault that strikes once the answer is ready. */
    laterFault: Fault | null;
    record: RequestRecord | null;
  }
}

/** The authenticated caller. The server's hook has refused all others. */
export function callerOf(request: FastifyRequest): AccessToken {
  if (!request.accessToken) throw authError();
  return request.accessToken;
}

export function authError(): GoogleError {
  return new GoogleError(401, {
    domain: 'global',
    reason: 'authError',
    message: 'Invalid Credentials',
    locationType: 'header',
    location: 'Authorization',
  });
}
