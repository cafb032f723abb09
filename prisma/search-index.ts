import type { Database } from './client.ts';

const INDEX = 'calendar_events_words_idx';

/**
 * Builds the index of the words of events, if it is missing, while syncs go on writing; searches scan until it
 * is there. It is no part of a migration, because a migration would hold all writers for as long as the
 * build takes: about half a minute for each 100,000 events. A build that was interrupted leaves an index that
 * is not used, and is done again.
 */
export async function buildSearchIndex(
  database: Pick<Database, '$queryRaw' | '$executeRawUnsafe'>,
): Promise<void> {
  const [found] = await database.$queryRaw<{ valid: boolean }[]>`
    select indisvalid as valid from pg_index where indexrelid = to_regclass(${INDEX})`;
  if (found?.valid) return;
  if (found !== undefined) await database.$executeRawUnsafe(`drop index concurrently if exists ${INDEX}`);
  await database.$executeRawUnsafe(
    `create index concurrently if not exists ${INDEX} on calendar_events using gin (event_words(calendar_id, resource))`,
  );
}
