import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useAnnouncer } from '../../components/announcer.tsx';
import { api, unwrap } from '../../data/client.ts';
import { of, planningKey, type PlanResult } from '../../data/planning.ts';
import { sayOutcome } from './say-outcome.ts';

/** How long one request waits for the end of a run. */
const WAIT_SECONDS = 20;
const AGAIN_MS = 200;

interface Followed {
  /** Null: none. */
  runId: string | null;
}

export type PlanStart =
  | { mode: 'preview' | 'apply'; days: number }
  /** `planId`: planning run that is taken back. */
  | { mode: 'undo'; planId: string };

function start(workspaceId: string, asked: PlanStart) {
  if (asked.mode === 'undo')
    return unwrap(
      api.POST('/api/v1/workspaces/{workspaceId}/plan/runs/{runId}/undo', {
        params: { path: { workspaceId, runId: asked.planId } },
      }),
    );
  const { mode, days } = asked;
  // An applied plan is the one that was looked at.
  const body = mode === 'apply' ? { mode, days, safe: true } : { mode, days };
  return unwrap(api.POST('/api/v1/workspaces/{workspaceId}/plan', { ...of(workspaceId), body }));
}

/**
 * Starts planning runs and follows one to its end, also when the page is left and come back to. The latest preview
 * stays until it is applied or dismissed.
 */
export function usePlanRun(workspaceId: string) {
  const client = useQueryClient();
  const { done, failed } = useAnnouncer();
  const followedKey = ['followed-plan', workspaceId];
  const previewKey = ['plan-preview', workspaceId];
  const kept = { staleTime: Infinity, gcTime: Infinity };
  const { data: followed } = useQuery<Followed>({
    ...kept,
    queryKey: followedKey,
    queryFn: () => ({ runId: null }),
    initialData: { runId: null },
  });
  const { data: previewId } = useQuery<string | null>({
    ...kept,
    queryKey: previewKey,
    queryFn: () => null,
    initialData: null,
  });
  const begin = useMutation({
    mutationFn: (asked: PlanStart) => start(workspaceId, asked),
    onSuccess: ({ runId }) => client.setQueryData<Followed>(followedKey, { runId }),
    onError: failed,
  });

  const { runId } = followed;
  const result = useQuery({
    queryKey: ['plan-result', workspaceId, runId],
    enabled: runId !== null,
    refetchInterval: ({ state }) => (state.data?.ended || state.error ? false : AGAIN_MS),
    queryFn: async () => {
      const answer = await unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/plan/results/{runId}', {
          params: { path: { workspaceId, runId: runId! }, query: { wait: WAIT_SECONDS } },
        }),
      );
      return { ended: 'applied' in answer ? answer : null };
    },
  });

  const ended: PlanResult | null = result.data?.ended ?? null;
  const { error } = result;
  useEffect(() => {
    if (runId === null || (ended === null && error === null)) return;
    client.setQueryData<Followed>(['followed-plan', workspaceId], { runId: null });
    void client.invalidateQueries({ queryKey: planningKey(workspaceId) });
    if (error !== null) return failed(error);
    if (ended === null) return;
    const { text, isFailure } = sayOutcome(ended);
    const { applied, runId: planId } = ended;
    client.setQueryData(['plan-preview', workspaceId], isFailure || applied ? null : planId);
    if (isFailure) failed(new Error(text));
    else if (applied && 'blocks' in ended && planId !== null)
      done(text, { run: () => begin.mutate({ mode: 'undo', planId }) });
    else done(text);
    // `begin` is another object on every rendering; what it calls is not.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [client, done, failed, ended, error, runId, workspaceId]);

  return {
    isBusy: runId !== null || begin.isPending,
    /** Planning run of the latest preview. */
    previewId,
    dismissPreview: () => client.setQueryData(previewKey, null),
    begin: begin.mutate,
  };
}
