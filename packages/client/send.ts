import ky, { isHTTPError } from 'ky';

export interface SendOptions {
  /** Of one attempt, in milliseconds. */
  timeoutMs: number;
  /** Further attempts after the first. */
  retries: number;
  fetch: (request: Request) => Promise<Response>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** A read may be repeated after any failure that passes. */
const REPEATED_READS = [408, 429, 500, 502, 503, 504];
/** A run of the same workspace, or a write under the same key, is in progress; 502 says that Google was away. */
const REPEATED_WRITES = [409, 429, 503, 504];
const CONFLICT = 409;
/** Between two attempts, whatever `Retry-After` says. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Sends a request until it has an answer that stands, waiting as long as `Retry-After` says, or ever longer
 * with jitter, but 30 seconds at most. The whole, with the reading of the answer, ends after the time that all
 * attempts and waits may take.
 * @returns the last answer, whatever its status
 */
export async function send(
  request: Request,
  isRepeatable: boolean,
  { timeoutMs, retries, fetch }: SendOptions,
): Promise<Response> {
  const isRead = request.method === 'GET';
  try {
    return await ky(request, {
      fetch: (input) => fetch(input instanceof Request ? input : new Request(input)),
      signal: AbortSignal.any([
        request.signal,
        AbortSignal.timeout((timeoutMs + LONGEST_WAIT_MS) * (retries + 1)),
      ]),
      timeout: timeoutMs,
      retry: {
        limit: isRepeatable ? retries : 0,
        methods: [...METHODS],
        statusCodes: isRead ? REPEATED_READS : REPEATED_WRITES,
        afterStatusCodes: [CONFLICT, 429, 503],
        maxRetryAfter: LONGEST_WAIT_MS,
        backoffLimit: LONGEST_WAIT_MS,
        jitter: true,
        retryOnTimeout: true,
        // Without the header, a conflict stays one.
        shouldRetry: ({ error }) =>
          isHTTPError(error) &&
          error.response.status === CONFLICT &&
          !error.response.headers.has('retry-after')
            ? false
            : undefined,
      },
    });
  } catch (error) {
    if (isHTTPError(error)) return error.response;
    throw error;
  }
}
