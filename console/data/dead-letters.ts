import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { LIVE_MS } from './queries.ts';
import { scoped } from './scope.ts';
import type { Answer } from './types.ts';

export type DeadLetter = Answer<'/api/v1/dead-letters'>[number];

const LETTERS_PER_PAGE = 500;
const SLOW_MS = 5 * LIVE_MS;

interface DeadLetterScope {
  /** Default: all workspaces and the installation. */
  workspaceId?: string | undefined;
  /** Also closed ones. */
  all: boolean;
}

interface DeadLetterPage {
  rows: DeadLetter[];
  cursor: string | undefined;
}

/** Oldest first; the next page when the reader asks for it. */
export const deadLettersOf = ({ workspaceId, all }: DeadLetterScope) =>
  infiniteQueryOptions({
    queryKey: ['dead-letters', workspaceId ?? null, all],
    // All pages that are shown are asked again.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? SLOW_MS : LIVE_MS),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }: DeadLetterPage) => cursor,
    queryFn: async ({ pageParam: cursor }) => {
      const request = api.GET(scoped(workspaceId, '/api/v1/dead-letters'), {
        params: {
          query: {
            limit: LETTERS_PER_PAGE,
            ...(all && { all: 'true' as const }),
            ...(cursor !== undefined && { cursor }),
          },
        },
      });
      const rows = await unwrap(request);
      const next = (await request).response.headers.get('x-next-cursor');
      return { rows, cursor: next ?? undefined } satisfies DeadLetterPage;
    },
  });

export const retryDeadLetter = (workspaceId: string | undefined, deadLetterId: string) =>
  unwrap(
    api.POST(scoped(workspaceId, '/api/v1/dead-letters/{deadLetterId}/retry'), {
      params: { path: { deadLetterId } },
    }),
  );

export const discardDeadLetter = (workspaceId: string | undefined, deadLetterId: string) =>
  unwrap(
    api.POST(scoped(workspaceId, '/api/v1/dead-letters/{deadLetterId}/discard'), {
      params: { path: { deadLetterId } },
    }),
  );
