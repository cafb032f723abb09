import { type Change, listChanges, MAX_CHANGES_PER_PAGE } from '../services/reading/changes.ts';
import { createChangeWatcher } from '../services/reading/change-watcher.ts';
import type { CommandContext } from './command-context.ts';
import { printHint, printJson, printLine, printTable, toJson, withoutControls } from '../terminal/output.ts';

interface ChangesCommand {
  workspaceId: string;
  after: string;
  limit: number;
}

/** Duration of one wait. The command repeats it without end. */
const WAIT_MS = 60_000;
const LONGEST_OPERATION = 'insert'.length;

/** Body of `almanac changes`. */
export async function printChanges(
  { json, database }: CommandContext,
  { workspaceId, after, limit }: ChangesCommand,
): Promise<void> {
  const changes: Change[] = [];
  let cursor = after;
  let more = true;
  while (more && changes.length < limit) {
    const left = Math.min(limit - changes.length, MAX_CHANGES_PER_PAGE);
    const page = await listChanges(await database(), { workspaceId, after: cursor, limit: left });
    changes.push(...page.changes);
    ({ cursor, more } = page);
  }
  if (json) return printJson(changes);
  await printTable(
    ['position', 'committed', 'operation', 'calendar', 'event', 'title'],
    changes.map((change) => [
      change.position,
      change.changedAt,
      change.operation,
      change.calendarId,
      change.googleEventId,
      change.event?.summary,
    ]),
    'There are no further changes.',
  );
  if (more) printHint(`There are more changes: --after ${cursor}`);
}

/** Body of `almanac changes --follow`: prints changes as they are committed, until SIGINT or SIGTERM. */
export async function followChanges(
  { json, database }: CommandContext,
  { workspaceId, after, limit }: ChangesCommand,
): Promise<void> {
  const opened = await database();
  const watcher = createChangeWatcher(opened);
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = () => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let cursor = after;
  let left = limit;
  try {
    while (left > 0 && !signal.aborted) {
      const page = await listChanges(opened, {
        workspaceId,
        after: cursor,
        limit: Math.min(left, MAX_CHANGES_PER_PAGE),
      });
      for (const change of page.changes) printLine(json ? toJson(change) : toLine(change));
      ({ cursor } = page);
      left -= page.changes.length;
      if (page.more || left <= 0) continue;
      await watcher.wait(workspaceId, Number.parseInt(cursor, 10), { timeoutMs: WAIT_MS, signal });
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function toLine({ position, changedAt, operation, calendarId, googleEventId, event }: Change): string {
  const columns = [position, changedAt, operation.padEnd(LONGEST_OPERATION), calendarId, googleEventId];
  return withoutControls([...columns, event?.summary ?? ''].join('  ').trimEnd());
}
