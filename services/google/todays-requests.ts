import type { Database } from '../../prisma/client.ts';
import { GOOGLE_DAY } from './google-day.ts';

/** Requests to Google in its present day, by workspace. A workspace without any is left out. */
export async function readTodaysRequests(
  database: Database,
  workspaceIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await database.$queryRaw<{ workspaceId: string; requests: number }[]>`
    select workspace_id as "workspaceId", sum(requests)::int as requests from google_requests
    where day = ${GOOGLE_DAY} and workspace_id = any(${[...workspaceIds]}::text[]) group by workspace_id`;
  return new Map(rows.map(({ workspaceId, requests }) => [workspaceId, requests]));
}
