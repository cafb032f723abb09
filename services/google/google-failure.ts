import { FailureType } from '../../contracts/failure-types.ts';
import { GOOGLE_CAUSES, type GoogleCause, type RateLimitScope } from '../../contracts/retry-table.ts';

/**
 * Safe details of a failed call to Google. The error itself is never kept, because it holds tokens and the
 * request.
 */
export interface GoogleFailure {
  type: FailureType;
  /** HTTP status; null where no answer came. */
  status: number | null;
  /** Google's `reason`, the token endpoint's `error`, or `WAITING_FOR_QUOTA`. */
  reason: string | null;
  retryAfterMs?: number;
  /** Scope of a rate limit. */
  scope?: RateLimitScope;
  /** Set where the token endpoint failed: its statuses say nothing about a calendar or an event. */
  ofTokenEndpoint?: true;
}

/** Reason of a request that was not sent, because the account's quota is used up or blocked. */
export const WAITING_FOR_QUOTA = 'waitingForQuota';

/** Carries a {@link GoogleFailure}, for callers that treat some statuses as outcomes. */
export class GoogleCallError extends Error {
  override readonly name = 'GoogleCallError';
  readonly failure: GoogleFailure;

  constructor(failure: GoogleFailure) {
    super(describeGoogleFailure(failure));
    this.failure = failure;
  }
}

/** Description of a failed call, for histories and logs. */
export function describeGoogleFailure({ status, reason }: GoogleFailure): string {
  if (reason === WAITING_FOR_QUOTA)
    return 'Google was not asked: the quota is used up, or requests are paused.';
  return `Google answered ${status ?? 'nothing'}${reason === null ? '' : ` (${reason})`}.`;
}

interface ErrorLike {
  code?: unknown;
  status?: unknown;
  response?: { status?: number; data?: unknown; headers?: { get?: (name: string) => string | null } };
}

/** Google's reasons are identifiers. Any other text may hold private data and is dropped. */
const REASON = /^[\w.-]{1,64}$/;
/** Longest delay that Google can ask for, so that a schedule tries again within the hour. */
const MAX_RETRY_AFTER_MS = 3_600_000;

function statusOf(error: ErrorLike): number | null {
  const candidates = [error.response?.status, error.status, error.code];
  return candidates.find((value): value is number => typeof value === 'number') ?? null;
}

function reasonOf(data: unknown): string | null {
  const { error } = (typeof data === 'object' && data !== null ? data : {}) as { error?: unknown };
  const { errors, status } = (error ?? {}) as { errors?: { reason?: unknown }[]; status?: unknown };
  const reason = typeof error === 'string' ? error : (errors?.[0]?.reason ?? status);
  return typeof reason === 'string' && REASON.test(reason) ? reason : null;
}

/**
 * Whether the exceeded limit is the project's. Google names it in `error.details`:
 * `defaultPerMinutePerProject`.
 */
function namesProjectLimit(data: unknown): boolean {
  const { error } = (data ?? {}) as { error?: { details?: unknown } };
  const details: unknown[] = Array.isArray(error?.details) ? error.details : [];
  return details.some((detail) => {
    const limit = (detail as { metadata?: { quota_limit?: unknown } } | null)?.metadata?.quota_limit;
    return typeof limit === 'string' && limit.includes('PerProject') && !limit.includes('PerUser');
  });
}

/** `Retry-After` is a number of seconds or a date. */
function retryAfterOf(error: ErrorLike, now: number): number | undefined {
  const header = error.response?.headers?.get?.('retry-after');
  if (!header) return undefined;
  // Google's date is relative to Google's own clock, because this host's clock may be wrong.
  const answeredAt = Date.parse(error.response?.headers?.get?.('date') ?? '');
  const fromMs = Number.isNaN(answeredAt) ? now : answeredAt;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - fromMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/** Endpoint that the Google client called. */
export type GoogleEndpoint = NonNullable<GoogleCause['from']>;

/**
 * Statuses that callers treat as outcomes of their own request. The token endpoint documents none of them,
 * but a proxy may answer with one.
 */
const OUTCOMES_OF_REQUESTS: readonly (number | null)[] = [404, 409, 410, 412];

function fits(cause: GoogleCause, from: GoogleEndpoint, status: number | null, reason: string | null) {
  if (cause.from !== undefined && cause.from !== from) return false;
  if (cause.reasons !== undefined && (reason === null || !cause.reasons.includes(reason))) return false;
  if (cause.status === undefined) return true;
  if (cause.status === null || status === null) return cause.status === status;
  const [first, last] = cause.status;
  return first <= status && status <= last;
}

/**
 * Classifies an error of the Google client by its shape, because `instanceof GaxiosError` is unreliable: two
 * copies are installed.
 * @param from endpoint that was called. The body does not tell, because a proxy may answer for either.
 */
export function classifyGoogleError(thrown: unknown, now: number, from: GoogleEndpoint): GoogleFailure {
  const error = (thrown ?? {}) as ErrorLike;
  const data = error.response?.data;
  const status = statusOf(error);
  const reason = reasonOf(data);
  const cause = GOOGLE_CAUSES.find((row) => fits(row, from, status, reason));
  const scope = cause?.scope === 'user' && namesProjectLimit(data) ? 'project' : cause?.scope;
  const retryAfterMs = retryAfterOf(error, now);
  const ofTokenEndpoint = from === 'token-endpoint';
  const isMistakable = ofTokenEndpoint && OUTCOMES_OF_REQUESTS.includes(status);
  return {
    type: cause?.type ?? FailureType.googleMalformedAnswer,
    ...(isMistakable ? { status: null, reason: `tokenEndpoint${status}` } : { status, reason }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(scope === undefined ? {} : { scope }),
    ...(ofTokenEndpoint && { ofTokenEndpoint }),
  };
}
