import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { LIVE_MS } from './queries.ts';
import type { Answer } from './types.ts';

export type PlanResult = Answer<'/api/v1/workspaces/{workspaceId}/plan/results/{runId}'>;
/** A plan with its reasons, in words. */
export type Plan = Answer<'/api/v1/workspaces/{workspaceId}/plan/runs/{runId}'>;
export type PlannedBlock = Plan['blocks'][number];
export type Block = Answer<'/api/v1/workspaces/{workspaceId}/blocks'>[number];
export type Task = Answer<'/api/v1/workspaces/{workspaceId}/tasks'>[number];
export type Habit = Answer<'/api/v1/workspaces/{workspaceId}/habits'>[number];
export type Policy = Answer<'/api/v1/workspaces/{workspaceId}/policy'>;
export type PlanRun = Answer<'/api/v1/workspaces/{workspaceId}/plan/runs'>['runs'][number];

const MOST_ROWS = 1_000;
const RUNS_SHOWN = 20;

export const of = (workspaceId: string) => ({ params: { path: { workspaceId } } });

/** Key of everything that planning reads and changes. */
export const planningKey = (workspaceId: string) => ['workspace', workspaceId, 'planning'];

export const blocksOf = (workspaceId: string) =>
  queryOptions({
    queryKey: [...planningKey(workspaceId), 'blocks'],
    refetchInterval: LIVE_MS,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/blocks', {
          params: { path: { workspaceId }, query: { limit: MOST_ROWS } },
        }),
      ),
  });

/** Done ones as well, because blocks of the past name them. */
export const tasksOf = (workspaceId: string) =>
  queryOptions({
    queryKey: [...planningKey(workspaceId), 'tasks'],
    refetchInterval: LIVE_MS,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/tasks', {
          params: { path: { workspaceId }, query: { limit: MOST_ROWS, all: 'true' } },
        }),
      ),
  });

export const habitsOf = (workspaceId: string) =>
  queryOptions({
    queryKey: [...planningKey(workspaceId), 'habits'],
    refetchInterval: LIVE_MS,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/habits', {
          params: { path: { workspaceId }, query: { limit: MOST_ROWS } },
        }),
      ),
  });

export const hoursOf = (workspaceId: string) =>
  queryOptions({
    queryKey: [...planningKey(workspaceId), 'hours'],
    queryFn: () => unwrap(api.GET('/api/v1/workspaces/{workspaceId}/hours', of(workspaceId))),
  });

export const policyOf = (workspaceId: string) =>
  queryOptions({
    queryKey: [...planningKey(workspaceId), 'policy'],
    queryFn: () => unwrap(api.GET('/api/v1/workspaces/{workspaceId}/policy', of(workspaceId))),
  });

export const planRunsOf = (workspaceId: string) =>
  queryOptions({
    queryKey: [...planningKey(workspaceId), 'runs'],
    refetchInterval: LIVE_MS,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/plan/runs', {
          params: { path: { workspaceId }, query: { limit: RUNS_SHOWN } },
        }),
      ),
  });

/** The plan of one run, which does not change. */
export const planOf = (workspaceId: string, runId: string | null | undefined) =>
  queryOptions({
    queryKey: [...planningKey(workspaceId), 'runs', runId],
    enabled: typeof runId === 'string',
    staleTime: Infinity,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/plan/runs/{runId}', {
          params: { path: { workspaceId, runId: runId! } },
        }),
      ),
  });
