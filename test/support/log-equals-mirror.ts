import type { Database, Transaction } from '../../prisma/client.ts';

const ROWS_PER_PAGE = 2_000;
const LONGEST_COMPARISON_MS = 5 * 60_000;

interface LoggedRow {
  position: number;
  operation: string;
  key: string;
  /** Every column of the event but `synced_at`, as text; null where the log has no content. */
  content: string | null;
}

/** The columns that log and mirror have in common, in one text. */
const CONTENT = `jsonb_build_array(kind, status, etag, series_id, start_at, end_at, start_date, end_date, series_end,
  resource)::text`;

async function* loggedRows(transaction: Transaction, workspaceId: string): AsyncGenerator<LoggedRow> {
  let after = 0;
  for (;;) {
    const rows = await transaction.$queryRawUnsafe<LoggedRow[]>(
      `select position::float8 as position, operation, calendar_id || '/' || google_event_id as key,
         case when resource is not null then ${CONTENT} end as content
       from calendar_changes where workspace_id = $1 and position > $2::bigint
       order by position limit ${ROWS_PER_PAGE}`,
      workspaceId,
      after,
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.position;
  }
}

interface Replay {
  mirror: Map<string, string>;
  problems: string[];
}

/** Applies the log from its beginning, and looks at its positions and operations meanwhile. */
async function replay(transaction: Transaction, workspaceId: string): Promise<Replay> {
  const log = await transaction.calendarChangePosition.findUnique({ where: { workspaceId } });
  const [lastPosition, compactedThrough] = [
    Number(log?.lastPosition ?? 0),
    Number(log?.compactedThrough ?? 0),
  ];
  const mirror = new Map<string, string>();
  const problems: string[] = [];
  let next = compactedThrough + 1;
  for await (const { position, operation, key, content } of loggedRows(transaction, workspaceId)) {
    if (position > compactedThrough) {
      if (position !== next) problems.push(`position ${position} comes where ${next} should`);
      next = position + 1;
    }
    if (position > compactedThrough && operation === 'insert' && content !== null && mirror.has(key))
      problems.push(`position ${position} inserts ${key} again`);
    if (position > compactedThrough && operation === 'update' && content !== null && !mirror.has(key))
      problems.push(`position ${position} updates ${key}, which is not there`);
    if (content === null) mirror.delete(key);
    else mirror.set(key, content);
  }
  if (next !== lastPosition + 1) problems.push(`the log ends at ${next - 1} and says ${lastPosition}`);
  return { mirror, problems };
}

/**
 * Replays a workspace's change log from its beginning and compares the result with `calendar_events`, row by
 * row and column by column; its positions must be 1, 2, 3, … without gaps. Syncs may run at the same time,
 * because it reads one snapshot. Returns the differences as sentences; none if the log equals the mirror.
 */
export async function logEqualsMirror(database: Database, workspaceId: string): Promise<string[]> {
  return database.$transaction(
    async (transaction) => {
      const { mirror, problems } = await replay(transaction, workspaceId);
      const stored = await transaction.$queryRawUnsafe<{ key: string; content: string }[]>(
        `select calendar_id || '/' || google_event_id as key, ${CONTENT} as content
         from calendar_events where calendar_id in (select id from calendars where workspace_id = $1)`,
        workspaceId,
      );
      for (const { key, content } of stored) {
        const logged = mirror.get(key);
        if (logged === undefined) problems.push(`the log lacks ${key}`);
        else if (logged !== content) problems.push(`the log has ${key} otherwise`);
        mirror.delete(key);
      }
      problems.push(...[...mirror.keys()].map((key) => `the log has ${key}, the mirror does not`));
      return problems;
    },
    { isolationLevel: 'RepeatableRead', timeout: LONGEST_COMPARISON_MS },
  );
}
