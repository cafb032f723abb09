import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';

/** How often a page that is open asks again. */
export const LIVE_MS = 4_000;
const SLOW_MS = 15_000;
const WORST_WORKSPACES = 10;
const DEAD_LETTERS_SHOWN = 100;

/** Health, freshness and Google's budget of all workspaces. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  refetchInterval: LIVE_MS,
  queryFn: () => unwrap(api.GET('/api/v1/status', { params: { query: { limit: WORST_WORKSPACES } } })),
});

export const deadLettersQuery = queryOptions({
  queryKey: ['dead-letters'],
  refetchInterval: SLOW_MS,
  queryFn: () =>
    unwrap(api.GET('/api/v1/dead-letters', { params: { query: { limit: DEAD_LETTERS_SHOWN } } })),
});

/** Subscriptions to all workspaces. */
export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  refetchInterval: SLOW_MS,
  queryFn: () => unwrap(api.GET('/api/v1/webhooks')),
});
