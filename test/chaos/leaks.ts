import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import type { Database } from '../../prisma/client.ts';
import { CANARY, findLeaks, type Leak, secretsOf } from './canary.ts';
import type { ChaosStack } from './stack.ts';

const HISTORIES_AT_ONCE = 8;
/** Where Almanac writes words of its own about what went wrong. */
const TABLES_OF_WORDS = ['dead_letters', 'workspace_calendar_sync_log', 'event_writes'];

/** Every text in a value, payloads decoded. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value instanceof Uint8Array) yield Buffer.from(value).toString('utf8');
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) yield* textsOf(inner);
}

async function scanHistories(temporal: Client, secrets: Record<string, string>) {
  const leaks: Leak[] = [];
  let histories = 0;
  const scan = async ({ workflowId, runId }: { workflowId: string; runId: string }) => {
    const history = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    const text = [...textsOf(history)].join('\n');
    leaks.push(...findLeaks(`history of ${workflowId} ${runId}`, text, secrets));
    histories += 1;
  };
  const running = new Set<Promise<void>>();
  for await (const execution of temporal.workflow.list()) {
    const one = scan(execution).finally(() => running.delete(one));
    running.add(one);
    if (running.size >= HISTORIES_AT_ONCE) await Promise.race(running);
  }
  await Promise.all(running);
  return { histories, leaks };
}

async function scanTables(database: Database, secrets: Record<string, string>): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for (const table of TABLES_OF_WORDS) {
    const rows = await database.$queryRawUnsafe<{ row: string }[]>(`select t::text as row from ${table} t`);
    for (const { row } of rows) leaks.push(...findLeaks(`table ${table}`, row, secrets));
  }
  const words = await database.$queryRaw<{ row: string }[]>`
    select last_error as row from calendar_sync_states where last_error is not null
    union all select last_error from calendar_auth_tokens where last_error is not null`;
  for (const { row } of words) leaks.push(...findLeaks('a last error', row, secrets));
  return leaks;
}

export interface LeakScan {
  histories: number;
  /** Stored events that hold what was planted: as much could have leaked. */
  planted: number;
  /** Length of the shortest log. */
  shortestLogBytes: number;
  leaks: Leak[];
}

async function countPlanted(database: Database): Promise<number> {
  const [stored] = await database.$queryRaw<{ planted: number }[]>`
    select count(*)::int as planted from calendar_events where strpos(resource::text, ${CANARY}) > 0`;
  return stored?.planted ?? 0;
}

/** Looks for what was planted: in every history, log and error, and in Temporal's own database. */
export async function scanForLeaks(stack: ChaosStack): Promise<LeakScan> {
  const secrets = secretsOf(stack.encryptionKey);
  const { histories, leaks } = await scanHistories(stack.temporal, secrets);
  leaks.push(...(await scanTables(stack.database, secrets)));
  let shortestLogBytes = Infinity;
  for (const file of stack.logFiles) {
    const log = await readFile(file);
    shortestLogBytes = Math.min(shortestLogBytes, log.length);
    leaks.push(...findLeaks(file, log, secrets));
  }
  // SQLite keeps recent writes in files beside the database.
  for (const file of [stack.temporalFile, `${stack.temporalFile}-wal`].filter((name) => existsSync(name)))
    leaks.push(...findLeaks(file, await readFile(file), secrets));
  return { histories, planted: await countPlanted(stack.database), shortestLogBytes, leaks };
}
