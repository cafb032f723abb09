import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { readClock } from '../../prisma/read-clock.ts';
import { readFeed } from '../feeds/read-feed.ts';
import { writeICalendar } from '../feeds/write-icalendar.ts';
import { requireWorkspace } from '../workspaces.ts';
import {
  ARCHIVE_FORMAT,
  ARCHIVE_VERSION,
  type ArchiveManifest,
  type ArchiveMember,
  MANIFEST,
  memberOf,
} from './archive-manifest.ts';
import { ARCHIVE_TABLES, type ArchiveTable } from './archive-tables.ts';

/** Rows in memory at a time; an event may have some hundred kilobytes. */
const ROWS_AT_A_TIME = 200;
/** Longest life of the snapshot, because Postgres cannot clean up behind it. */
const LONGEST_EXPORT_MS = 15 * 60_000;

/**
 * Writes everything of a workspace but secrets as a ZIP archive: a file of JSON lines for each table, an iCalendar
 * file for each calendar, and a manifest with counts and checksums. All of it shows one snapshot. Memory is bounded
 * by a few pages of rows.
 * @throws WorkspaceNotFoundError when there is no such workspace.
 */
export async function exportWorkspace(
  database: Database,
  workspaceId: string,
  output: Writable,
): Promise<ArchiveManifest> {
  const { id } = await requireWorkspace(database, workspaceId);
  return database.$transaction(
    async (transaction) => {
      await transaction.$executeRaw`
        select set_config('statement_timeout', ${String(LONGEST_EXPORT_MS)}, true)`;
      return writeArchive(transaction, id, output);
    },
    { isolationLevel: 'RepeatableRead', timeout: LONGEST_EXPORT_MS },
  );
}

async function writeArchive(
  transaction: Transaction,
  workspaceId: string,
  output: Writable,
): Promise<ArchiveManifest> {
  const snapshotAt = (await readClock(transaction)).toISOString();
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, output);
  // Awaited at the end; until then a failure is found by the member that cannot be written.
  written.catch(() => undefined);
  const members: ArchiveMember[] = [];
  try {
    for (const table of ARCHIVE_TABLES) {
      members.push(
        await addMember(zip, memberOf(table.name), written, (write) =>
          writeTable(transaction, workspaceId, table, write),
        ),
      );
    }
    const calendars = await transaction.calendar.findMany({
      where: { workspaceId, enabled: true, status: { not: 'removed' } },
      select: { id: true, summary: true },
      orderBy: { id: 'asc' },
    });
    for (const { id, summary } of calendars) {
      members.push(
        await addMember(zip, `calendars/${id}.ics`, written, async (write) => {
          const feed = { workspaceId, calendarIds: [id], detail: 'full' };
          const { occurrences, isCut } = await readFeed(transaction, feed);
          await write(writeICalendar({ name: summary, isFull: true, isCut }, occurrences));
          return occurrences.length;
        }),
      );
    }
    const manifest: ArchiveManifest = {
      format: ARCHIVE_FORMAT,
      version: ARCHIVE_VERSION,
      workspaceId,
      snapshotAt,
      members,
    };
    zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), MANIFEST);
    zip.end();
    await written;
    return manifest;
  } catch (error) {
    output.destroy();
    throw error;
  }
}

type Write = (text: string) => Promise<void>;

/** Adds one file, and waits until it is written: the archive takes no more than it can pass on. */
async function addMember(
  zip: ZipFile,
  name: string,
  written: Promise<void>,
  fill: (write: Write) => Promise<number>,
): Promise<ArchiveMember> {
  const stream = new PassThrough();
  const hash = createHash('sha256');
  let bytes = 0;
  zip.addReadStream(stream, name, { mtime: new Date(0) });
  const failed = written.then(() => new Promise<never>(() => {}));
  // Without a listener when Postgres fails first: that error is the one to report.
  failed.catch(() => undefined);
  const write: Write = async (text) => {
    const chunk = Buffer.from(text);
    hash.update(chunk);
    bytes += chunk.length;
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), failed]);
  };
  const rows = await fill(write);
  const ended = once(stream, 'end');
  stream.end();
  await Promise.race([ended, failed]);
  return { name, rows, bytes, sha256: hash.digest('hex') };
}

async function writeTable(
  transaction: Transaction,
  workspaceId: string,
  { name, of, order, omit }: ArchiveTable,
  write: Write,
): Promise<number> {
  await transaction.$executeRaw`
    declare archive no scroll cursor for
    select (to_jsonb(t) - ${[...omit]}::text[])::text as line from ${Prisma.raw(`"${name}" t`)}
    where ${of(workspaceId)} order by ${Prisma.raw(order)}`;
  let rows = 0;
  for (;;) {
    const page = await transaction.$queryRaw<{ line: string }[]>`
      fetch forward ${Prisma.raw(String(ROWS_AT_A_TIME))} from archive`;
    if (page.length > 0) await write(page.map(({ line }) => `${line}\n`).join(''));
    rows += page.length;
    if (page.length < ROWS_AT_A_TIME) break;
  }
  await transaction.$executeRaw`close archive`;
  return rows;
}
