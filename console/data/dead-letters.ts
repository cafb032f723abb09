import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { LIVE_MS } from './queries.ts';
import { scoped } from './scope.ts';
import type { Answer } from './types.ts';

export type DeadLetter = Answer<'/api/v1/dead-letters'>[number];

/** More are not shown; the oldest are first. */
export const MOST_DEAD_LETTERS = 500;

interface DeadLetterScope {
  /** Default: all workspaces and the installation. */
  workspaceId?: string | undefined;
  /** Also closed ones. */
  all: boolean;
}

export const deadLettersOf = ({ workspaceId, all }: DeadLetterScope) =>
  queryOptions({
    queryKey: ['dead-letters', workspaceId ?? null, all],
    refetchInterval: LIVE_MS,
    queryFn: () =>
      unwrap(
        api.GET(scoped(workspaceId, '/api/v1/dead-letters'), {
          params: { query: { limit: MOST_DEAD_LETTERS, ...(all && { all: 'true' as const }) } },
        }),
      ),
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
