import type { Database } from '../../prisma/client.ts';
import { toJsonb } from '../mirror/to-jsonb.ts';
import { GOOGLE_DAY } from './google-day.ts';

export interface CountedRequests {
  /** Null: of no account in particular. */
  accountId: string | null;
  /** As Google names it: `events.list`. */
  method: string;
  requests: number;
}

/**
 * Adds requests to the counts of Google's present day: those of the project, and those of each workspace whose
 * account still exists. Every process locks the rows in the same order.
 */
export async function storeRequests(database: Database, counted: readonly CountedRequests[]): Promise<void> {
  await database.$executeRaw`
    with counted as (
      select * from jsonb_to_recordset(${toJsonb(counted)}::jsonb) as r("accountId" uuid, method text, requests int)
    ), project as (
      insert into google_request_days as d (day, requests)
      select ${GOOGLE_DAY}, sum(requests) from counted
      on conflict (day) do update set requests = d.requests + excluded.requests
      returning day
    )
    insert into google_requests as g (day, workspace_id, method, requests)
    select p.day, a.workspace_id, c.method, sum(c.requests)
    from project p cross join counted c join calendar_auth_tokens a on a.id = c."accountId"
    group by p.day, a.workspace_id, c.method order by a.workspace_id, c.method
    on conflict (day, workspace_id, method) do update set requests = g.requests + excluded.requests`;
}
