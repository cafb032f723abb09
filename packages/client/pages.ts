import type { AlmanacApi } from '../../api/generated/api-client.ts';
import type { paths } from '../../api/generated/openapi-types.ts';

/** Routes of lists that are read page by page. */
export type PagedPath = {
  [Path in keyof paths]: paths[Path] extends { get: { parameters: { query?: infer Query } } }
    ? 'cursor' extends keyof NonNullable<Query>
      ? Path
      : never
    : never;
}[keyof paths];

/** A page, as the route answers it. */
export type PageOf<Path extends PagedPath> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Page } } } };
}
  ? Page
  : never;

interface Init {
  params?: { query?: object };
}

/** What lists have in common: the cursor is in a header, or beside the rows. */
type AnyList = (
  path: string,
  init: object,
) => Promise<{ data?: { nextCursor?: string | null }; response: Response }>;

/** Reads a list page by page. A page that fails after all attempts ends it with an AlmanacError. */
export async function* readPages<Path extends PagedPath>(
  api: AlmanacApi,
  path: Path,
  init: Init = {},
): AsyncGenerator<PageOf<Path>> {
  const get = api.GET as unknown as AnyList;
  let next: { cursor?: string } = {};
  for (;;) {
    const query = { ...init.params?.query, ...next };
    const { data, response } = await get(path, { ...init, params: { ...init.params, query } });
    yield data as PageOf<Path>;
    const cursor = response.headers.get('x-next-cursor') ?? data?.nextCursor;
    if (!cursor) return;
    next = { cursor };
  }
}
