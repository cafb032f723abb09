import type { Interval } from '../../calendar/availability/interval.ts';
import { MOST_PLAN_DAYS } from '../../contracts/limits.ts';
import type { Database } from '../../prisma/client.ts';
import type { PlacedBlock } from './plan-kept.ts';

interface Row {
  status: PlacedBlock['status'];
  startAt: Date;
  endAt: Date;
  plannedStart: Date;
  plannedEnd: Date;
}

const toInterval = (start: Date, end: Date) => ({ start: start.getTime(), end: end.getTime() });

/**
 * Blocks that plans put into a week, wherever people have moved them since. The last write that placed a block
 * says where it was planned; a block that Almanac itself took out of the week is not among them.
 */
export async function readPlacedBlocks(
  database: Database,
  workspaceId: string,
  { start, end }: Interval,
): Promise<PlacedBlock[]> {
  const [from, to] = [new Date(start), new Date(end)];
  const rows = await database.$queryRaw<Row[]>`
    select b.status, b.start_at as "startAt", b.end_at as "endAt",
      placed.after_start as "plannedStart", placed.after_end as "plannedEnd"
    from (
      select distinct w.block_id as id
      from schedule_runs r join schedule_writes w on w.run_id = r.id
      -- No plan reaches farther, with a day for the hours of its last evening.
      where r.workspace_id = ${workspaceId} and r.started_at < ${to}::timestamptz
        and r.started_at > ${from}::timestamptz - make_interval(days => ${MOST_PLAN_DAYS}::int + 1)
        and w.status = 'done' and w.after_start >= ${from}::timestamptz and w.after_start < ${to}::timestamptz
    ) known
    join scheduled_blocks b on b.id = known.id and b.workspace_id = ${workspaceId}
      and b.status in ('writing', 'written', 'released', 'declined')
    cross join lateral (
      select w.after_start, w.after_end from schedule_writes w
      where w.block_id = b.id and w.status = 'done' and w.after_start is not null
        -- A write that changes a title alone may be of a block that a person has moved.
        and (w.before_start, w.before_end) is distinct from (w.after_start, w.after_end)
      order by w.done_at desc, w.position desc limit 1
    ) placed
    where placed.after_start >= ${from}::timestamptz and placed.after_start < ${to}::timestamptz`;
  return rows.map(({ status, startAt, endAt, plannedStart, plannedEnd }) => ({
    status,
    ...toInterval(startAt, endAt),
    planned: toInterval(plannedStart, plannedEnd),
  }));
}
