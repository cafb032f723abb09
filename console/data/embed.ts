import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { LIVE_MS } from './queries.ts';
import type { Range } from './week-queries.ts';

/** What an embed link shows, by its token alone: a session of the same browser adds nothing. */
export const embeddedEventsQuery = (token: string, range: Range | null) =>
  queryOptions({
    queryKey: ['embed', range],
    enabled: range !== null && token !== '',
    refetchInterval: ({ state }) => (state.error === null ? 2 * LIVE_MS : false),
    placeholderData: keepPreviousData,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/embed/events', {
          params: { query: range! },
          headers: { authorization: `Embed ${token}` },
          credentials: 'omit',
        }),
      ),
  });
