import createClient, { type Middleware } from 'openapi-fetch';
import type { paths, Problem as Body } from './types.ts';
import { ProblemError } from './problem.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** The session's cookie is sent by the browser; the header proves that the request is the console's own. */
const csrf: Middleware = {
  onRequest({ request }) {
    if (!SAFE_METHODS.has(request.method)) request.headers.set('almanac-csrf', '1');
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin' });
api.use(csrf);

interface Answer<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/**
 * The body of a successful answer; throws `ProblemError` otherwise.
 *
 * @example
 * const status = await unwrap(api.GET('/api/v1/status'));
 */
export async function unwrap<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request;
  if (response.ok) return data as T;
  const problem: Partial<Body> = typeof error === 'object' && error !== null ? error : {};
  throw new ProblemError(response.status, problem.detail ?? `Almanac answered ${response.status}.`, problem);
}
