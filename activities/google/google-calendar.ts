import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { FailureType } from '../../contracts/failure-types.ts';
import type { AccessTokens, SealedGrant } from './access-tokens.ts';
import { classifyGoogleError, GoogleCallError } from './google-failure.ts';

/** Google answers a page of 2,500 events in a few seconds; past this the connection is dead. */
const REQUEST_TIMEOUT_MS = 45_000;

/** Per-call options of the Google client, with the account's access token in them. */
export interface CallOptions {
  headers: { authorization: string };
  timeout: number;
  signal: AbortSignal;
  retry: false;
}

export interface GoogleCalendar {
  /**
   * Calls Google as the account. A 401 refreshes the access token and tries once more; nothing else is retried
   * here, for Temporal does that.
   * @throws GoogleCallError with what is safe to know of the failure.
   */
  call<T>(
    grant: SealedGrant,
    signal: AbortSignal,
    request: (api: calendar_v3.Calendar, options: CallOptions) => Promise<{ data: T }>,
  ): Promise<T>;
}

export function createGoogleCalendar(rootUrl: string, accessTokens: AccessTokens): GoogleCalendar {
  // The client joins rootUrl and an absolute path: only the origin counts.
  const api = calendar({ version: 'v3', rootUrl: new URL(rootUrl).origin });

  return {
    async call(grant, signal, request) {
      let rejected: string | undefined;
      for (;;) {
        const token = await accessTokens.get(grant, rejected);
        const options: CallOptions = {
          headers: { authorization: `Bearer ${token}` },
          timeout: REQUEST_TIMEOUT_MS,
          signal,
          retry: false,
        };
        try {
          return (await request(api, options)).data;
        } catch (error) {
          signal.throwIfAborted();
          const failure = classifyGoogleError(error, Date.now());
          if (failure.status !== 401 || rejected !== undefined) throw new GoogleCallError(failure);
          rejected = token;
        }
      }
    },
  };
}

/** For answers that are 200 and yet not what Google documents: a truncated body, a proxy's page. */
export function malformedAnswer(): GoogleCallError {
  return new GoogleCallError({ type: FailureType.googleMalformedAnswer, status: 200, reason: null });
}
