import type { components } from '../../api/generated/openapi-types.ts';

export type Problem = components['schemas']['Problem'];

/** What the code says where no answer came, or one that is not Almanac's. */
const UNREACHABLE = 'unreachable';
const UNEXPECTED = 'unexpected';

interface AlmanacErrorDetails {
  code: string;
  remedy: string;
  status?: number;
  field?: string | undefined;
  correlationId?: string | undefined;
  retryAfterSeconds?: number | undefined;
  idempotencyKey?: string | undefined;
  problem?: Problem | undefined;
  cause?: unknown;
}

/** A request that was refused or failed, after all attempts. */
export class AlmanacError extends Error {
  override readonly name = 'AlmanacError';
  /**
   * The problem's `type`, stable, such as `not-found` or `cursor-expired`; `unreachable` without an answer,
   * `unexpected` for an answer that is not Almanac's.
   */
  readonly code: string;
  /** The malformed field, parameter or header. */
  readonly field: string | undefined;
  /** One or two sentences: what is wrong, what is allowed, and which route corrects it. */
  readonly remedy: string;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** ID of the request in the logs of the service. */
  readonly correlationId: string | undefined;
  /** Seconds after which the same request may succeed. */
  readonly retryAfterSeconds: number | undefined;
  /** Key of a write. Under it, the same write is done once, however often it is sent within 24 hours. */
  readonly idempotencyKey: string | undefined;
  /** The whole answer, with what only some problems have: `stale`, `etag`. */
  readonly problem: Problem | undefined;

  constructor(details: AlmanacErrorDetails) {
    super(details.remedy, { cause: details.cause });
    this.code = details.code;
    this.field = details.field;
    this.remedy = details.remedy;
    this.status = details.status ?? 0;
    this.correlationId = details.correlationId;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.idempotencyKey = details.idempotencyKey;
    this.problem = details.problem;
  }
}

/** The error for an answer that is no success. */
export async function errorOfAnswer(
  response: Response,
  idempotencyKey: string | undefined,
): Promise<AlmanacError> {
  const problem = await readProblem(response);
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new AlmanacError({
    code: problem?.type ?? UNEXPECTED,
    remedy:
      problem?.detail ??
      `The answer ${response.status} is not Almanac's: check the URL, and what stands between.`,
    status: response.status,
    field: problem?.field,
    correlationId: problem?.correlationId ?? response.headers.get('x-correlation-id') ?? undefined,
    retryAfterSeconds: Number.isFinite(after) ? after : undefined,
    idempotencyKey,
    problem,
  });
}

/** The error for a request that got no answer. */
export function errorOfSilence(cause: unknown, idempotencyKey: string | undefined): AlmanacError {
  const remedy = 'Almanac did not answer: check the URL and the network, and try again.';
  return new AlmanacError({ code: UNREACHABLE, remedy, idempotencyKey, cause });
}

async function readProblem(response: Response): Promise<Problem | undefined> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) return undefined;
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the content type says what it is.
    return (await response.json()) as Problem;
  } catch {
    return undefined;
  }
}
