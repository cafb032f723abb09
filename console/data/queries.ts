import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type UseQueryOptions,
} from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import type { Answer } from './types.ts';

/** How often a page that is open asks again. */
export const LIVE_MS = 4_000;
const SLOW_MS = 15_000;
const RUNNING_MS = 1_500;
const WORST_WORKSPACES = 10;
const WORKSPACES_PER_PAGE = 200;
const DEAD_LETTERS_SHOWN = 100;
const MOST_CALENDARS = 500;
const RUNS_SHOWN = 20;

/** Health, freshness and Google's budget of all workspaces. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  refetchInterval: LIVE_MS,
  queryFn: () => unwrap(api.GET('/api/v1/status', { params: { query: { limit: WORST_WORKSPACES } } })),
});

interface WorkspacePage {
  rows: Answer<'/api/v1/workspaces'>;
  cursor: string | undefined;
}

/** Workspaces by the beginning of their ID or name, and by health; the next page when the reader comes to its end. */
export const workspacesQuery = (
  search: string,
  health: Answer<'/api/v1/status'>['overall']['health'] | undefined,
) =>
  infiniteQueryOptions({
    queryKey: ['workspaces', search, health],
    refetchInterval: SLOW_MS,
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }: WorkspacePage) => cursor,
    queryFn: async ({ pageParam: cursor }) => {
      const request = api.GET('/api/v1/workspaces', {
        params: {
          query: {
            limit: WORKSPACES_PER_PAGE,
            withHealth: 'true',
            ...(search !== '' && { search }),
            ...(health !== undefined && { health }),
            ...(cursor !== undefined && { cursor }),
          },
        },
      });
      const rows = await unwrap(request);
      const next = (await request).response.headers.get('x-next-cursor');
      return { rows, cursor: next ?? undefined } satisfies WorkspacePage;
    },
  });

export const deadLettersQuery = queryOptions({
  queryKey: ['dead-letters'],
  refetchInterval: SLOW_MS,
  queryFn: () =>
    unwrap(api.GET('/api/v1/dead-letters', { params: { query: { limit: DEAD_LETTERS_SHOWN } } })),
});

/** What runs over all workspaces. */
export const fanOutsQuery = queryOptions({
  queryKey: ['fan-outs'],
  refetchInterval: LIVE_MS,
  queryFn: () => unwrap(api.GET('/api/v1/fan-outs')),
});

/** How long tasks wait in Temporal. */
export const taskQueuesQuery = queryOptions({
  queryKey: ['task-queues'],
  refetchInterval: LIVE_MS,
  queryFn: () => unwrap(api.GET('/api/v1/task-queues')),
});

/** Subscriptions of all workspaces whose deliveries fail. */
export const failingWebhooksQuery = queryOptions({
  queryKey: ['failing-webhooks'],
  refetchInterval: SLOW_MS,
  queryFn: () => unwrap(api.GET('/api/v1/failing-webhooks')),
});

/** Subscriptions to all workspaces. */
export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  refetchInterval: SLOW_MS,
  queryFn: () => unwrap(api.GET('/api/v1/webhooks')),
});

/** All that Overview asks. */
export const overviewQueries = [
  statusQuery,
  fanOutsQuery,
  taskQueuesQuery,
  deadLettersQuery,
  failingWebhooksQuery,
  webhooksQuery,
] as UseQueryOptions[];

const of = (workspaceId: string) => ({ path: { workspaceId } });

/** A workspace itself; its status is asked apart. */
export const workspaceQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'itself'],
    queryFn: () => unwrap(api.GET('/api/v1/workspaces/{workspaceId}', { params: of(workspaceId) })),
  });

export const workspaceStatusQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'status'],
    refetchInterval: LIVE_MS,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/status', {
          params: { ...of(workspaceId), query: { limit: MOST_CALENDARS } },
        }),
      ),
  });

/** What runs for a workspace now, and how far it has come. */
export const runningWorkQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'running-work'],
    refetchInterval: ({ state }) => (state.data?.length ? RUNNING_MS : LIVE_MS),
    queryFn: () =>
      unwrap(api.GET('/api/v1/workspaces/{workspaceId}/running-work', { params: of(workspaceId) })),
  });

export const accountsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'accounts'],
    refetchInterval: SLOW_MS,
    queryFn: () => unwrap(api.GET('/api/v1/workspaces/{workspaceId}/accounts', { params: of(workspaceId) })),
  });

export const calendarsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'calendars'],
    refetchInterval: SLOW_MS,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/calendars', {
          params: { ...of(workspaceId), query: { limit: MOST_CALENDARS } },
        }),
      ),
  });

export const runsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'runs'],
    refetchInterval: LIVE_MS,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/runs', {
          params: { ...of(workspaceId), query: { limit: RUNS_SHOWN } },
        }),
      ),
  });
