import type { Client, FetchResponse, MaybeOptionalInit, Middleware } from 'openapi-fetch';
import { createAlmanacApi } from '../../api/generated/api-client.ts';
import type { paths } from '../../api/generated/openapi-types.ts';
import { errorOfAnswer, errorOfSilence } from './almanac-error.ts';
import { type ChangePage, type ChangesOptions, readChanges } from './changes.ts';
import { type PageOf, type PagedPath, readPages } from './pages.ts';
import { repetitionOf } from './repeatable.ts';
import { send } from './send.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type PathWith<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends Record<M, { responses: object }> ? Path : never;
}[keyof paths];
type Success<Answer> = Extract<Answer, { data: unknown }>;
/** As openapi-fetch has it, which does not export it. */
type MediaType = `${string}/${string}`;
type Rest<Init> = undefined extends Init ? [init?: Init] : [init: Init];

/** Calls a route, and throws an AlmanacError unless it succeeds. */
type Call<M extends Method> = <Path extends PathWith<M>, Init extends MaybeOptionalInit<paths[Path], M>>(
  path: Path,
  ...init: Rest<Init>
) => Promise<Success<FetchResponse<Extract<paths[Path][M], Record<string, unknown>>, Init, MediaType>>>;

export interface AlmanacOptions {
  /** Where the API is, for instance `https://almanac.example.com`. */
  url: string;
  /** As `almanac key create` printed it. */
  key: string;
  /** Time for one attempt, in milliseconds; default 60,000. The API waits for up to 55 seconds, where asked. */
  timeoutMs?: number;
  /** Further attempts of what may be repeated; default 2. */
  retries?: number;
  /** Default: the runtime's. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A typed client of the API. Every method throws an `AlmanacError` unless the request succeeds. */
export interface Almanac {
  GET: Call<'get'>;
  POST: Call<'post'>;
  PUT: Call<'put'>;
  PATCH: Call<'patch'>;
  DELETE: Call<'delete'>;
  /** The pages of a list, from the first to the last. */
  pages<Path extends PagedPath>(
    path: Path,
    ...init: Rest<MaybeOptionalInit<paths[Path], 'get'>>
  ): AsyncGenerator<PageOf<Path>>;
  /** The pages of a workspace's change log behind a cursor. */
  changes(workspaceId: string, options?: ChangesOptions): AsyncGenerator<ChangePage>;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_RETRIES = 2;
const IDEMPOTENCY_HEADER = 'idempotency-key';

/**
 * @example
 * const almanac = createAlmanac({ url: 'https://almanac.example.com', key });
 * const { data } = await almanac.GET('/api/v1/workspaces/{workspaceId}', { params: { path: { workspaceId: 'acme' } } });
 */
export function createAlmanac({
  url,
  key,
  timeoutMs = DEFAULT_TIMEOUT_MS,
  retries = DEFAULT_RETRIES,
  fetch = globalThis.fetch,
}: AlmanacOptions): Almanac {
  const api = createAlmanacApi({ url, key });
  const exchange: Middleware = {
    async onRequest({ request, schemaPath }) {
      const repetition = repetitionOf(request.method, schemaPath);
      if (repetition === 'with-key' && !request.headers.has(IDEMPOTENCY_HEADER))
        request.headers.set(IDEMPOTENCY_HEADER, crypto.randomUUID());
      const idempotencyKey = request.headers.get(IDEMPOTENCY_HEADER) ?? undefined;
      let response: Response;
      try {
        response = await send(request, repetition !== 'none', { timeoutMs, retries, fetch });
      } catch (error) {
        // The caller's own wish is no failure.
        if (request.signal.aborted) throw error;
        throw errorOfSilence(error, idempotencyKey);
      }
      if (!response.ok) throw await errorOfAnswer(response, idempotencyKey);
      return response;
    },
  };
  api.use(exchange);
  const calls = api as unknown as Pick<Almanac, Uppercase<Method>> & Pick<Client<paths>, 'GET'>;
  return {
    GET: calls.GET,
    POST: calls.POST,
    PUT: calls.PUT,
    PATCH: calls.PATCH,
    DELETE: calls.DELETE,
    pages: (path, ...init) => readPages(api, path, init[0]),
    changes: (workspaceId, options) => readChanges(api, workspaceId, options),
  };
}
