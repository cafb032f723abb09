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

interface PlanOptions {
  /** Null: those of the policy. */
  days: number | null;
  /** Plans as if nothing had been placed before. */
  force: boolean;
}

const FIRST_OPTIONS: PlanOptions = { days: 7, force: false };

export type PlanStart =
  | ({ mode: 'preview' | 'apply' } & PlanOptions)
  | { mode: 'purge' }
  /** `planId`: planning run that is taken back. */
  | { mode: 'undo'; planId: string };

function start(workspaceId: string, asked: PlanStart) {
  if (asked.mode === 'undo')
    return unwrap(
      api.POST('/api/v1/workspaces/{workspaceId}/plan/runs/{runId}/undo', {
        params: { path: { workspaceId, runId: asked.planId } },
      }),
    );
  if (asked.mode === 'purge')
    return unwrap(api.POST('/api/v1/workspaces/{workspaceId}/plan/purge', of(workspaceId)));
  const { mode, days, force } = asked;
  // An applied plan is the one that was looked at. Without days, those of the policy are planned.
  const body = { mode, force, ...(days !== null && { days }), ...(mode === 'apply' && { safe: true }) };
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
  const optionsKey = ['plan-options', workspaceId];
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
  // What is applied is planned as its preview was, also when the page was left between them.
  const { data: options } = useQuery<PlanOptions>({
    ...kept,
    queryKey: optionsKey,
    queryFn: () => FIRST_OPTIONS,
    initialData: FIRST_OPTIONS,
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
    options,
    setOptions: (chosen: PlanOptions) => client.setQueryData(optionsKey, chosen),
    dismissPreview: () => client.setQueryData(previewKey, null),
    begin: begin.mutate,
  };
}
