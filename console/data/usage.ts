import { queryOptions } from '@tanstack/react-query';
import { ProblemError } from './problem.ts';
import { api } from './client.ts';
import { scoped } from './scope.ts';
import type { Answer } from './types.ts';

export type UsageRow = Answer<'/api/v1/usage'>[number];

const DAY_MS = 86_400_000;
const REFRESH_MS = 60_000;
/** Pages of 10,000 rows: a hundred thousand are days of thousands of workspaces. */
const MOST_PAGES = 10;

/** Google's day. This locale writes dates as the API does. */
const pacific = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' });

/** The last days, oldest first. */
export function lastDays(count: number): string[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => pacific.format(now - (count - 1 - index) * DAY_MS));
}

async function readRows(workspaceId: string | undefined, from: string): Promise<UsageRow[]> {
  const rows: UsageRow[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { data, error, response } = await api.GET(scoped(workspaceId, '/api/v1/usage'), {
      params: { query: { from, ...(cursor !== undefined && { cursor }) } },
    });
    if (data === undefined) throw new ProblemError(response.status, error?.detail ?? '', error);
    // It is CSV only where CSV is asked for.
    rows.push(...(data as UsageRow[]));
    cursor = response.headers.get('x-next-cursor') ?? undefined;
    if (cursor === undefined) break;
  }
  return rows;
}

/** The last days, of one workspace or of all. */
export const usageOf = (workspaceId: string | undefined, days: number) =>
  queryOptions({
    queryKey: ['usage', workspaceId ?? null, days],
    refetchInterval: REFRESH_MS,
    queryFn: () => readRows(workspaceId, lastDays(days)[0]!),
  });
