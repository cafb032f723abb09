import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import type { Page, PageRequest } from '../pages.ts';
import { instant } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';

export const MOST_MOMENTS = 500;
/** Most changes that a page counts. A moment with more of them is on several pages. */
const MOST_CHANGES_READ = 20_000;

export const momentSchema = z.object({
  at: instant.describe('When the changes were committed, for `asOf`'),
  changes: z.int().describe('How many'),
});
type Moment = z.infer<typeof momentSchema>;

/** Position in the change log before which the page ends. */
export const momentPositionSchema = z.int().positive();

interface MomentRow {
  at: Date;
  first: number;
  changes: number;
}

/**
 * One page of the moments at which a workspace's mirror has changed, newest first, as far back as time travel
 * reaches.
 * @param days retention of time travel
 */
export async function pageOfMoments(
  database: Database,
  workspaceId: string,
  { limit, after }: PageRequest<number>,
  days: number,
): Promise<Page<Moment, number>> {
  await requireWorkspace(database, workspaceId);
  const found = await database.$queryRaw<(MomentRow & { more: boolean })[]>`
    with kept as (
      select c.position, c.changed_at from calendar_changes c
      join calendar_change_positions p on p.workspace_id = c.workspace_id
      where c.workspace_id = ${workspaceId} and c.position > p.compacted_through
        and (${after ?? null}::bigint is null or c.position < ${after ?? null}::bigint)
        and c.changed_at >= now() - make_interval(days => ${days}::int)
      order by c.position desc limit ${MOST_CHANGES_READ}::int + 1
    ), recent as (select * from kept order by position desc limit ${MOST_CHANGES_READ}::int)
    select changed_at as at, min(position)::float8 as first, count(*)::int as changes,
      (select count(*) from kept) > ${MOST_CHANGES_READ}::int as more
    from recent group by changed_at order by first desc limit ${limit}::int + 1`;
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const isLastPage = last === undefined || (found.length <= limit && !last.more);
  return {
    rows: rows.map(({ at, changes }) => ({ at: at.toISOString(), changes })),
    ...(!isLastPage && { cursor: last.first }),
  };
}
