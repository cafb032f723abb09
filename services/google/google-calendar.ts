import { setTimeout as sleep } from 'node:timers/promises';
import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { FailureType } from '../../contracts/failure-types.ts';
import type { Metrics } from '../metrics.ts';
import { traced } from '../../tracing/traced.ts';
import { withinTime } from '../within-time.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { SealedGrant } from './sealed-grant.ts';
import {
  classifyGoogleError,
  GoogleCallError,
  type GoogleFailure,
  WAITING_FOR_QUOTA,
} from './google-failure.ts';
import type { GoogleQuota, RequestKind } from './quota.ts';
import type { RequestMeter } from './request-meter.ts';

/** Google answers a page of 2,500 events in a few seconds; past this the connection is dead. */
const REQUEST_TIMEOUT_MS = 45_000;
/** A longer wait for the quota is left to Temporal, so that it does not occupy the worker. */
const LONGEST_WAIT_HERE_MS = 1_000;
/** Spreads the retries of requests that wait for the same account. */
const WAIT_JITTER = 0.25;

/** Per-call options of the Google client, including the account's access token. */
interface CallOptions {
  headers: { authorization: string };
  signal: AbortSignal;
  retry: false;
}

export interface RequestOptions {
  /** Default `read`. */
  kind?: RequestKind;
  /** Whether the request has already been charged to the account's quota. */
  counted?: boolean;
}

/**
 * Google Calendar for activities: every request is charged to the quota, counted, measured, limited in time, and ends
 * in a typed failure.
 */
export interface GoogleCalendar {
  quota: GoogleQuota;
  /**
   * Calls Google as the account, as soon as its quota allows. `operation` names the call in metrics and
   * traces, as Google does: `events.list`. After a 401 the access token is refreshed and the call repeated
   * once. Nothing else is retried here, because Temporal retries. A rate limit makes later calls of the
   * account (or of the project, if Google names it) wait.
   * @throws GoogleCallError with the details that are safe to store.
   */
  call<T>(
    grant: SealedGrant,
    signal: AbortSignal,
    operation: string,
    request: (api: calendar_v3.Calendar, options: CallOptions) => Promise<{ data: T }>,
    options?: RequestOptions,
  ): Promise<T>;
}

interface CalendarSettings {
  /** Counts every request, answered or not. Default: none are counted. */
  meter?: RequestMeter;
  timeoutMs?: number;
}

export function createGoogleCalendar(
  rootUrl: string,
  accessTokens: AccessTokens,
  quota: GoogleQuota,
  metrics: Metrics,
  { meter, timeoutMs = REQUEST_TIMEOUT_MS }: CalendarSettings = {},
): GoogleCalendar {
  const api = calendar({
    version: 'v3',
    // The client joins it and an absolute path: only the origin counts.
    rootUrl: new URL(rootUrl).origin,
    // Begun with a signal that has aborted, node-fetch 3 destroys the body of a write with an error that nobody
    // hears, which would end the process.
    adapter: async (options, send) => {
      options.signal?.throwIfAborted();
      return send(options);
    },
  });

  /** Sleeps through short waits; fails after long ones with the time at which to retry. */
  async function takeTurn(accountId: string, kind: RequestKind, signal: AbortSignal): Promise<void> {
    for (let waited = 0; ;) {
      const waitMs = await quota.take(accountId, kind);
      if (waitMs === 0) return;
      metrics.rateLimitWaited(kind === 'write' ? 'writes' : 'user', waitMs);
      if (waited + waitMs > LONGEST_WAIT_HERE_MS) throw new GoogleCallError(quotaSpent(waitMs));
      await sleep(waitMs, undefined, { signal });
      waited += waitMs;
    }
  }

  /** Blocks the account or the project that a rate limit names, for all workers. */
  async function respectRefusal(
    accountId: string,
    kind: RequestKind,
    failure: GoogleFailure,
  ): Promise<GoogleFailure> {
    if (failure.type !== FailureType.googleRateLimited) return failure;
    // A limit on writes does not affect reads.
    const scope = failure.scope === 'writes' && kind === 'read' ? 'user' : (failure.scope ?? 'user');
    const waitMs = await quota.block(accountId, scope, failure.retryAfterMs);
    metrics.rateLimitWaited(scope, waitMs);
    return { ...failure, retryAfterMs: withJitter(waitMs) };
  }

  return {
    quota,
    async call(grant, signal, operation, request, { kind = 'read', counted = false } = {}) {
      if (!counted) await takeTurn(grant.accountId, kind, signal);
      let rejected: string | undefined;
      let replacement: string | undefined;
      for (;;) {
        const token = replacement ?? (await accessTokens.get(grant));
        const headers = { authorization: `Bearer ${token}` };
        await meter?.count(grant.accountId, operation);
        const startedAt = performance.now();
        try {
          const attributes = { 'almanac.account_id': grant.accountId };
          const { data } = await traced(`google ${operation}`, attributes, () =>
            withinTime(timeoutMs, signal, (ends) => request(api, { headers, signal: ends, retry: false })),
          );
          metrics.googleRequest(operation, 200, performance.now() - startedAt);
          return data;
        } catch (error) {
          signal.throwIfAborted();
          const failure = classifyGoogleError(error, Date.now(), 'calendar-api');
          metrics.googleRequest(operation, failure.status, performance.now() - startedAt);
          if (failure.status !== 401 || rejected !== undefined) {
            throw new GoogleCallError(await respectRefusal(grant.accountId, kind, failure));
          }
          rejected = token;
          replacement = await accessTokens.get(grant, rejected);
          // The token was replaced a moment ago, so another one would be refused as well.
          if (replacement === rejected) throw new GoogleCallError(failure);
        }
      }
    },
  };
}

function quotaSpent(waitMs: number): GoogleFailure {
  return {
    type: FailureType.googleRateLimited,
    status: null,
    reason: WAITING_FOR_QUOTA,
    retryAfterMs: withJitter(waitMs),
  };
}

function withJitter(ms: number): number {
  return Math.ceil(ms * (1 + Math.random() * WAIT_JITTER));
}

/**
 * Failure for answers with status 200 that do not match Google's documentation: a truncated body, a proxy's
 * page.
 */
export function malformedAnswer(): GoogleCallError {
  return new GoogleCallError({ type: FailureType.googleMalformedAnswer, status: 200, reason: null });
}
