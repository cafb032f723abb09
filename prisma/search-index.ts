import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './client.ts';

const INDEX = 'calendar_events_words_idx';
/** Any constant: one process builds. */
const BUILD_LOCK = 4_215_307_115;
const TRY_EVERY_MS = 200;

type Connection = Pick<Database, '$queryRaw' | '$executeRawUnsafe'>;

/**
 * Builds the index of the words of events, if it is missing, while syncs go on writing; searches scan until it
 * is there. It is no part of a migration, because a migration would hold all writers for as long as the
 * build takes: about half a minute for each 100,000 events. A build that was interrupted leaves an index that
 * is not used, and is done again.
 * @param database a single connection, which holds a lock of its session meanwhile
 */
export async function buildSearchIndex(database: Connection): Promise<void> {
  if (await isBuilt(database)) return;
  // Tried again and again: a statement that waited for the lock would hold a snapshot, for whose end the build
  // of another process waits.
  while (!(await tryLock(database))) await sleep(TRY_EVERY_MS);
  try {
    if (await isBuilt(database)) return;
    await database.$executeRawUnsafe(`drop index concurrently if exists ${INDEX}`);
    await database.$executeRawUnsafe(
      `create index concurrently ${INDEX} on calendar_events using gin (event_words(calendar_id, resource))`,
    );
  } finally {
    await database.$queryRaw`select pg_advisory_unlock(${BUILD_LOCK}::bigint)`;
  }
}

async function isBuilt(database: Connection): Promise<boolean> {
  const [found] = await database.$queryRaw<{ valid: boolean }[]>`
    select indisvalid as valid from pg_index where indexrelid = to_regclass(${INDEX})`;
  return found?.valid === true;
}

async function tryLock(database: Connection): Promise<boolean> {
  const [row] = await database.$queryRaw<{ held: boolean }[]>`
    select pg_try_advisory_lock(${BUILD_LOCK}::bigint) as held`;
  return row?.held === true;
}
