import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Button } from 'react-aria-components/Button';
import { useAnnouncer } from '../../components/announcer.tsx';
import { sayCount } from '../../components/count.ts';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import type { Answer } from '../../data/types.ts';
import { WorkProgress } from './work-progress.tsx';

type Outcome = Answer<'/api/v1/workspaces/{workspaceId}/calendar/sync/runs/{runId}'>;
type Mode = 'incremental' | 'full';

/** How long one request waits for the end of a sync. */
const WAIT_SECONDS = 20;
const AGAIN_MS = 200;

/**
 * Starts a sync and follows it. Which run is followed is kept for as long as the console is open, so that the page can
 * be left and come back to.
 */
export function SyncNow({ workspaceId }: { workspaceId: string }) {
  const client = useQueryClient();
  const { done, failed } = useAnnouncer();
  const followedKey = ['followed-sync', workspaceId];
  const { data: runId } = useQuery<string | null>({
    queryKey: followedKey,
    queryFn: () => null,
    staleTime: Infinity,
    gcTime: Infinity,
    initialData: null,
  });
  const start = useAction({
    run: async (mode: Mode) => {
      const run = await unwrap(
        api.POST('/api/v1/workspaces/{workspaceId}/calendar/sync', {
          params: { path: { workspaceId } },
          body: { mode, source: 'manual' },
        }),
      );
      // Here, because the page may have been left meanwhile.
      client.setQueryData(followedKey, run.runId);
    },
    said: (_, mode) => (mode === 'full' ? 'All calendars are being listed anew.' : 'A sync has begun.'),
    changes: [['workspace', workspaceId]],
  });
  const outcome = useQuery({
    queryKey: ['sync', workspaceId, runId],
    enabled: runId !== null,
    refetchInterval: ({ state }) => (state.data?.isOver || state.error ? false : AGAIN_MS),
    queryFn: async () => {
      const answer = api.GET('/api/v1/workspaces/{workspaceId}/calendar/sync/runs/{runId}', {
        params: { path: { workspaceId, runId: runId! }, query: { wait: WAIT_SECONDS } },
      });
      const body = await unwrap(answer);
      return 'success' in body ? { isOver: true as const, outcome: body } : { isOver: false as const };
    },
  });

  const ended = outcome.data?.isOver === true ? outcome.data.outcome : null;
  const { error } = outcome;
  useEffect(() => {
    if (runId === null || (ended === null && error === null)) return;
    client.setQueryData(['followed-sync', workspaceId], null);
    void client.invalidateQueries({ queryKey: ['workspace', workspaceId] });
    if (error !== null) failed(error);
    else if (ended?.success) done(sayOutcome(ended));
    else failed(new Error(ended?.error ?? 'Some calendars could not be synced.'));
  }, [client, done, failed, ended, error, runId, workspaceId]);

  const isBusy = runId !== null || start.isPending;
  return (
    <>
      <WorkProgress workspaceId={workspaceId} work="sync" label="Syncing with Google" isAwaited={isBusy} />
      <Button className="button" isDisabled={isBusy} onPress={() => start.mutate('full')}>
        List anew
      </Button>
      <Button
        className="button button-primary"
        isDisabled={isBusy}
        onPress={() => start.mutate('incremental')}
      >
        Sync now
      </Button>
    </>
  );
}

function sayOutcome({ calendars }: Outcome): string {
  const sum = (field: 'upserted' | 'deleted') =>
    calendars.reduce((total, calendar) => total + calendar[field], 0);
  const size = sayCount(calendars.length, 'calendar');
  return `${size} synced: ${sayCount(sum('upserted'), 'event')} written, ${sum('deleted')} deleted.`;
}
