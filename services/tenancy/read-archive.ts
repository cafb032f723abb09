import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type Entry, open, type ZipFile } from 'yauzl';
import { InvalidInputError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { type ArchiveManifest, MANIFEST, manifestSchema, memberOf } from './archive-manifest.ts';

const openZip = promisify<string, object, ZipFile>(open);

const MOST_MANIFEST_BYTES = 4 * 1_024 * 1_024;
/** Of one table that is restored, unpacked: ten thousand tasks with the longest titles take a fifth of it. */
const MOST_TABLE_BYTES = 64 * 1_024 * 1_024;

export interface Archive {
  manifest: ArchiveManifest;
  /** Lines of the tables that were asked for, by table. */
  lines: Map<string, string[]>;
}

const malformed = (what: string, cause?: unknown) =>
  new InvalidInputError('from', `must be a complete archive of a workspace: ${what}`, { cause });

/**
 * Reads an archive, and checks every file in it against the manifest. Only the named tables are kept in memory.
 * @throws InvalidInputError when a file is missing, added, changed, cut off or too large.
 */
export async function readArchive(path: string, tables: readonly string[]): Promise<Archive> {
  let zip: ZipFile;
  try {
    zip = await openZip(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
  } catch (error) {
    throw malformed('it cannot be read as a ZIP file', error);
  }
  try {
    const entries = await entriesOf(zip);
    const manifest = await readManifest(zip, entries);
    const lines = new Map<string, string[]>();
    for (const member of manifest.members) {
      const entry = entries.get(member.name);
      if (entry === undefined) throw malformed(`${member.name} is missing`);
      const table = tables.find((name) => memberOf(name) === member.name);
      if (table !== undefined && member.bytes > MOST_TABLE_BYTES)
        throw malformed(`${member.name} has more than ${MOST_TABLE_BYTES} bytes`);
      const content = await check(zip, entry, member, table !== undefined);
      if (table !== undefined) lines.set(table, content.split('\n').slice(0, -1));
      entries.delete(member.name);
    }
    const [added] = entries.keys();
    if (added !== undefined) throw malformed(`the manifest does not name ${JSON.stringify(added)}`);
    for (const table of tables)
      if (!lines.has(table)) throw malformed(`${memberOf(table)} is missing in the manifest`);
    return { manifest, lines };
  } finally {
    zip.close();
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  return new Promise((resolve, reject) => {
    zip.on('error', (error) => reject(malformed('its directory cannot be read', error)));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      if (entries.has(entry.fileName)) return reject(malformed('a file is in it twice'));
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

async function streamOf(zip: ZipFile, entry: Entry) {
  return promisify<Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))(entry);
}

async function readManifest(zip: ZipFile, entries: Map<string, Entry>): Promise<ArchiveManifest> {
  const entry = entries.get(MANIFEST);
  if (entry === undefined) throw malformed(`${MANIFEST} is missing`);
  if (entry.uncompressedSize > MOST_MANIFEST_BYTES) throw malformed(`${MANIFEST} is too large`);
  entries.delete(MANIFEST);
  let content: unknown;
  try {
    content = JSON.parse(await text(await streamOf(zip, entry)));
  } catch (error) {
    throw malformed(`${MANIFEST} is not JSON`, error);
  }
  return parseInput(manifestSchema, content, MANIFEST);
}

/** Content of a file where it is wanted; empty otherwise. */
async function check(
  zip: ZipFile,
  entry: Entry,
  { name, bytes, sha256, rows }: ArchiveManifest['members'][number],
  isWanted: boolean,
): Promise<string> {
  if (entry.uncompressedSize !== bytes) throw malformed(`${name} has another size than the manifest says`);
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  let lines = 0;
  try {
    for await (const chunk of await streamOf(zip, entry)) {
      const part = chunk as Buffer;
      hash.update(part);
      for (const byte of part) if (byte === NEWLINE) lines += 1;
      if (isWanted) chunks.push(part);
    }
  } catch (error) {
    throw malformed(`${name} cannot be unpacked`, error);
  }
  if (hash.digest('hex') !== sha256) throw malformed(`${name} has another SHA-256 than the manifest says`);
  if (name.endsWith('.jsonl') && lines !== rows) throw malformed(`${name} has ${lines} lines, not ${rows}`);
  return Buffer.concat(chunks).toString();
}

const NEWLINE = 0x0a;
