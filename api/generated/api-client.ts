import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, operations, paths } from './openapi-types.ts';

export type { components, operations, paths };

/** A typed client of the API: each path and method with what it takes and answers. */
export type AlmanacApi = Client<paths>;

export interface AlmanacApiOptions {
  /** Where the API is, for instance `https://almanac.example.com`. */
  url: string;
  /** As `almanac key create` printed it. */
  key: string;
  /** Default: the runtime's. */
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * @example
 * const api = createAlmanacApi({ url: 'https://almanac.example.com', key });
 * const { data, error } = await api.POST('/api/v1/workspaces', { body: { id: 'acme', timeZone: 'Europe/Berlin' } });
 * if (error) throw new Error(error.detail);
 */
export function createAlmanacApi({ url, key, fetch }: AlmanacApiOptions): AlmanacApi {
  const api = createClient<paths>({ baseUrl: url, ...(fetch !== undefined && { fetch }) });
  const authorization: Middleware = {
    onRequest({ request }) {
      request.headers.set('authorization', `Bearer ${key}`);
      return request;
    },
  };
  api.use(authorization);
  return api;
}
