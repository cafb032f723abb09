import { Temporal } from 'temporal-polyfill';
import type { Database } from '../../prisma/client.ts';
import { type PlannedBlock, renderPlacement } from '../../scheduling/index.ts';
import { readTitles } from '../planning/read-titles.ts';
import type { RunDiff } from '../planning/write-back/summarise-writes.ts';
import type { ClaimedMessage } from './claim-message.ts';
import type { Message } from './message.ts';

/** Most plans, and most moved blocks of a plan, that one message lists. It counts the rest. */
const MOST_LISTED = 20;

interface Row {
  id: string;
  workspaceId: string;
  timeZone: string;
  diff: RunDiff;
  /** Null: the run was an undo. */
  blocks: PlannedBlock[] | null;
  unscheduled: number;
  /** Whether the notifier belongs to this workspace. */
  isOwn: boolean;
  total: number;
}

/** The message about plans that were applied: counts, and what was moved and why. */
export async function composePlans(
  database: Database,
  { id, notice, at }: ClaimedMessage,
): Promise<Message | null> {
  const rows = await database.$queryRaw<Row[]>`
    select r.id::text, r.workspace_id as "workspaceId", w.time_zone as "timeZone", r.diff, r.blocks,
      coalesce(jsonb_array_length(r.findings -> 'unscheduled'), 0) as unscheduled,
      m.workspace_id is not null as "isOwn", count(*) over ()::int as total
    from notices t
    join notifier_messages m on m.id = t.message_id
    join schedule_runs r on r.id = t.subject_id
    join workspaces w on w.id = r.workspace_id
    where t.message_id = ${id}::uuid
    order by r.finished_at, r.id limit ${MOST_LISTED}`;
  const [first] = rows;
  if (first === undefined) return null;
  const lines: string[] = [];
  for (const row of rows) lines.push(countsLine(row), ...(row.isOwn ? await movedLines(database, row) : []));
  const more = first.total - rows.length;
  return {
    id,
    topic: notice,
    headline: first.total === 1 ? 'A plan was applied' : `${first.total} plans were applied`,
    lines: [...lines, ...(more === 0 ? [] : [`and ${more} more.`])],
    data: { plans: rows.map(toData), more },
    at,
  };
}

function countsLine({ id, workspaceId, diff: { created, moved, deleted }, unscheduled }: Row): string {
  const counts = `${created.length} created, ${moved.length} moved, ${deleted.length} deleted`;
  return `• Workspace ${workspaceId}: blocks ${counts}; ${unscheduled} not placed in full · run ${id}`;
}

/** Only for notifiers of the workspace itself, because it holds titles. */
async function movedLines(database: Database, { timeZone, diff, blocks }: Row): Promise<string[]> {
  const planned = new Map((blocks ?? []).map((block) => [block.id, block]));
  const titles = await readTitles(database, blocks ?? []);
  const nameOf = (refId: string) => titles.get(refId) ?? 'something that was removed';
  const lines = diff.moved.slice(0, MOST_LISTED).map(({ blockId, from, to }) => {
    const block = planned.get(blockId);
    const name = block === undefined ? 'A block' : nameOf(block.refId);
    const why = block === undefined ? '' : ` ${renderPlacement(block.reason, { timeZone, nameOf })}`;
    return `  ${name}: from ${inWords(from.start, timeZone)} to ${inWords(to.start, timeZone)}.${why}`;
  });
  const more = diff.moved.length - lines.length;
  return more === 0 ? lines : [...lines, `  and ${more} more.`];
}

function inWords(instant: string, timeZone: string): string {
  const at = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone);
  return `${at.toPlainDate().toString()} ${at.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

/** IDs, times and codes of reasons; no titles. */
function toData({ id, workspaceId, diff, blocks, unscheduled }: Row) {
  const planned = new Map((blocks ?? []).map((block) => [block.id, block]));
  return {
    runId: id,
    workspaceId,
    created: diff.created.length,
    moved: diff.moved.length,
    deleted: diff.deleted.length,
    unscheduled,
    moves: diff.moved
      .slice(0, MOST_LISTED)
      .map((move) => ({ ...move, reason: planned.get(move.blockId)?.reason })),
  };
}
