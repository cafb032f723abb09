import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Of all workspaces together. The oldest go first; a larger archive goes as soon as it is sent. */
const MOST_KEPT = { archives: 32, bytes: 2 * 1_024 ** 3 };
export const KEPT_FOR_MS = 60 * 60_000;
/** An older folder was left by a process that was killed: none is written for so long and then kept. */
const LEFT_AFTER_MS = 2 * KEPT_FOR_MS;
const FOLDER = 'almanac-export-';

export const ARCHIVE_FILE = 'archive.zip';

/** An archive on the disk of this process. */
interface KeptArchive {
  folder: string;
  bytes: number;
  /** Strong entity tag: the SHA-256 of the archive. */
  tag: string;
}

/** The last archive of each workspace, kept for clients that are cut off. Each is readable by this user alone. */
export class KeptArchives {
  private readonly keptForMs: number;
  /** By workspace, the oldest first. */
  private readonly archives = new Map<string, KeptArchive>();

  constructor(keptForMs: number) {
    this.keptForMs = keptForMs;
  }

  /** The workspace's archive, if it is the one with this tag. */
  find(workspaceId: string, tag: string | undefined): KeptArchive | undefined {
    const archive = this.archives.get(workspaceId);
    return archive?.tag === tag ? archive : undefined;
  }

  /** Writes an archive, which replaces the workspace's former one. */
  async write(workspaceId: string, fill: (output: Writable) => Promise<unknown>): Promise<KeptArchive> {
    const folder = await mkdtemp(join(tmpdir(), FOLDER));
    try {
      const path = join(folder, ARCHIVE_FILE);
      await fill(createWriteStream(path, { mode: 0o600 }));
      const hash = createHash('sha256');
      await pipeline(createReadStream(path), hash);
      const archive = { folder, bytes: (await stat(path)).size, tag: `"${hash.digest('hex')}"` };
      await this.remove(workspaceId);
      this.archives.set(workspaceId, archive);
      setTimeout(() => {
        if (this.archives.get(workspaceId) === archive) void this.remove(workspaceId);
      }, this.keptForMs).unref();
      return archive;
    } catch (error) {
      await removeFolder(folder);
      throw error;
    }
  }

  /** Removes the oldest archives beyond the limits. One that is being sent is sent to its end. */
  async trim(): Promise<void> {
    let bytes = 0;
    for (const archive of this.archives.values()) bytes += archive.bytes;
    for (const [workspaceId, archive] of this.archives) {
      if (bytes <= MOST_KEPT.bytes && this.archives.size <= MOST_KEPT.archives) return;
      bytes -= archive.bytes;
      await this.remove(workspaceId);
    }
  }

  async clear(): Promise<void> {
    for (const workspaceId of this.archives.keys()) await this.remove(workspaceId);
  }

  private async remove(workspaceId: string): Promise<void> {
    const archive = this.archives.get(workspaceId);
    this.archives.delete(workspaceId);
    if (archive !== undefined) await removeFolder(archive.folder);
  }
}

/** Removes what killed processes have left. */
export async function removeLeftArchives(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER)) continue;
    const folder = join(tmpdir(), name);
    const found = await stat(folder).catch(() => null);
    if (found !== null && found.mtimeMs < Date.now() - LEFT_AFTER_MS) await removeFolder(folder);
  }
}

/** What cannot be removed is removed later, or by another user. */
async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
