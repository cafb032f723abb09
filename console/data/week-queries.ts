import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { LIVE_MS } from './queries.ts';
import type { Answer } from './types.ts';

/** The API's greatest page. */
const MOST_OCCURRENCES = 5_000;
const MOST_BLOCKS = 1_000;
const SLOT_MINUTES = 30;
const MOST_SLOTS = 200;
const MOMENTS_PER_PAGE = 100;
/** More steps than these cannot be told apart on a slider. */
const MOST_PAGES_OF_MOMENTS = 10;

/** A range of days as the API takes it: dates in the zone of the workspace, or instants. */
export interface Range {
  from: string;
  to: string;
}

type Events = Answer<'/api/v1/workspaces/{workspaceId}/events'>;
export type Occurrence = Required<Pick<Events['events'][number], 'id'>> & {
  calendarId: string;
  title: string | null;
  start: string;
  end: string;
  allDay: boolean;
  status: string;
  busy: boolean;
  googleEventId: string;
};

/** What the mirror holds in a range: now, or at a moment of the past with what differs from now. */
export const occurrencesQuery = (workspaceId: string, range: Range, asOf: string | null) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'occurrences', range, asOf],
    // The past stays as it was.
    refetchInterval: asOf === null ? LIVE_MS : false,
    staleTime: asOf === null ? 0 : Infinity,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const answer = await unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/events', {
          params: {
            path: { workspaceId },
            query: { ...range, limit: MOST_OCCURRENCES, ...(asOf !== null && { asOf }) },
          },
        }),
      );
      return { ...answer, events: answer.events as Occurrence[] };
    },
  });

export type Moment = Answer<'/api/v1/workspaces/{workspaceId}/changes/moments'>[number];

interface MomentPage {
  rows: Moment[];
  cursor: string | undefined;
}

/** When the mirror has changed, newest first; earlier ones when they are asked for. */
export const momentsQuery = (workspaceId: string) =>
  infiniteQueryOptions({
    queryKey: ['workspace', workspaceId, 'moments'],
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }: MomentPage, pages: MomentPage[]) =>
      pages.length < MOST_PAGES_OF_MOMENTS ? cursor : undefined,
    queryFn: async ({ pageParam: cursor }) => {
      const request = api.GET('/api/v1/workspaces/{workspaceId}/changes/moments', {
        params: {
          path: { workspaceId },
          query: { limit: MOMENTS_PER_PAGE, ...(cursor !== undefined && { cursor }) },
        },
      });
      const rows = await unwrap(request);
      const next = (await request).response.headers.get('x-next-cursor');
      return { rows, cursor: next ?? undefined } satisfies MomentPage;
    },
  });

/** Blocks with the reasons of the newest plan. */
export const plannedQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'planned'],
    refetchInterval: 3 * LIVE_MS,
    queryFn: async () => {
      const params = { path: { workspaceId } };
      const [blocks, { runs }] = await Promise.all([
        unwrap(
          api.GET('/api/v1/workspaces/{workspaceId}/blocks', {
            params: { ...params, query: { limit: MOST_BLOCKS } },
          }),
        ),
        unwrap(api.GET('/api/v1/workspaces/{workspaceId}/plan/runs', { params })),
      ]);
      const newest = runs.find(({ mode, status }) => mode === 'apply' && status === 'applied');
      const plan =
        newest === undefined
          ? null
          : await unwrap(
              api.GET('/api/v1/workspaces/{workspaceId}/plan/runs/{runId}', {
                params: { path: { workspaceId, runId: newest.id } },
              }),
            );
      return { blocks, plan };
    },
  });

/** Free half hours within working hours. */
export const slotsQuery = (workspaceId: string, range: Range) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'slots', range],
    refetchInterval: 3 * LIVE_MS,
    placeholderData: keepPreviousData,
    queryFn: () =>
      unwrap(
        api.POST('/api/v1/availability', {
          body: {
            workspaceIds: [workspaceId],
            windows: [range],
            slots: {
              durationMinutes: SLOT_MINUTES,
              granularityMinutes: SLOT_MINUTES,
              hours: 'work',
              most: MOST_SLOTS,
            },
          },
        }),
      ),
  });
