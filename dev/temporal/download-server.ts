import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { withinTime } from '../../services/within-time.ts';
import { ARCHIVE_CHECKSUMS, CLI_VERSION, EXECUTABLE, serverFolder } from './server-version.ts';

const RELEASE_URL = `https://github.com/temporalio/cli/releases/download/v${CLI_VERSION}`;
/** Short, so that a closed network soon leads to the next way of getting a server. */
const FIRST_ANSWER_TIMEOUT_MS = 5_000;
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;
const MEGABYTE = 1_000_000;

const PLATFORMS: Record<string, string> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };

/** Release archive for this machine; null where Temporal publishes none. */
function archiveOf(): { archive: string; pinned: string | undefined } | null {
  const platform = PLATFORMS[process.platform];
  const architecture = ARCHITECTURES[process.arch];
  if (!platform || !architecture) return null;
  const extension = platform === 'windows' ? 'zip' : 'tar.gz';
  const target = `${platform}_${architecture}`;
  return { archive: `temporal_cli_${CLI_VERSION}_${target}.${extension}`, pinned: ARCHIVE_CHECKSUMS[target] };
}

async function fetchChecksum(archive: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${RELEASE_URL}/checksums.txt`, { signal });
  if (!response.ok) throw new Error(`${RELEASE_URL} answers ${response.status}`);
  const line = (await response.text()).split('\n').find((text) => text.trim().endsWith(archive));
  const checksum = line?.trim().split(/\s+/)[0];
  if (!checksum) throw new Error(`${RELEASE_URL} has no checksum of ${archive}`);
  return checksum;
}

async function fetchArchive(
  archive: string,
  file: string,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(`${RELEASE_URL}/${archive}`, { signal });
  if (!response.ok || !response.body) throw new Error(`${RELEASE_URL} answers ${response.status}`);
  const total = Number(response.headers.get('content-length') ?? 0);
  let received = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      const of = total ? ` of ${(total / MEGABYTE).toFixed(0)}` : '';
      note(`${(received / MEGABYTE).toFixed(1)}${of} MB`);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(file));
}

async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * Downloads Temporal's release, verifies its checksum and unpacks it with the system's tar.
 * @throws within seconds if the network is closed
 */
export async function downloadServer(
  note: (text: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  const release = archiveOf();
  if (!release) throw new Error(`there is no release for ${process.platform}-${process.arch}`);
  const { archive, pinned } = release;
  // Fetched even where a checksum is pinned: a closed network fails here within seconds.
  const published = await withinTime(FIRST_ANSWER_TIMEOUT_MS, signal, (ends) => fetchChecksum(archive, ends));
  const checksum = pinned ?? published;
  const folder = serverFolder();
  const unfinished = `${folder}.download-${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    const file = join(unfinished, archive);
    await withinTime(DOWNLOAD_TIMEOUT_MS, signal, (ends) => fetchArchive(archive, file, note, ends));
    if ((await checksumOf(file)) !== checksum) throw new Error(`${archive} does not match its checksum`);
    note('unpacking');
    await promisify(execFile)('tar', ['-xf', archive, EXECUTABLE], { cwd: unfinished });
    await mkdir(folder, { recursive: true });
    await rename(join(unfinished, EXECUTABLE), join(folder, EXECUTABLE));
    return join(folder, EXECUTABLE);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
