import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { expect } from 'vitest';
import { postgresUser } from '../../dev/postgres/system-user.ts';
import { startNative } from '../../dev/processes/start-native.ts';
import { createPrismaClient } from '../../prisma/client.ts';

/** Where Debian and its descendants put every major version's binaries. */
const INSTALLED = '/usr/lib/postgresql';
const OLDEST = 14;

/** Major versions of PostgreSQL on this machine that Almanac supports, beside the one from npm. */
export async function installedVersions(): Promise<string[]> {
  const versions = await readdir(INSTALLED).catch(() => []);
  return versions.filter((version) => Number(version) >= OLDEST);
}

/** Runs `work` with the URL of a new, empty database on a server of that version. */
export async function withOtherPostgres(
  version: string,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const bin = join(INSTALLED, version, 'bin');
  const directory = await mkdtemp(join(tmpdir(), 'almanac-postgres-'));
  const user = postgresUser();
  await chmod(directory, 0o755);
  if (user) await chown(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const port = await getPort();
  const flags = ['-D', data, '-U', 'almanac', '--auth=trust', '--no-sync', '--locale=C', '--encoding=UTF8'];
  await promisify(execFile)(join(bin, 'initdb'), flags, { ...user, cwd: directory });
  const part = await startNative({
    name: `PostgreSQL ${version}`,
    command: join(bin, 'postgres'),
    args: [
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ],
    logFile: join(directory, 'postgres.log'),
    cwd: directory,
    ...user,
    stopSignal: 'SIGINT',
    graceMs: 10_000,
  });
  const url = `postgresql://almanac@127.0.0.1:${port}/postgres`;
  try {
    await expect.poll(() => answers(url), { timeout: 30_000 }).toBe(true);
    await work(url);
  } finally {
    await part.stop();
    await rm(directory, { recursive: true });
  }
}

async function answers(databaseUrl: string): Promise<boolean> {
  const prisma = createPrismaClient({ databaseUrl, poolSize: 1 });
  try {
    await prisma.$queryRaw`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await prisma.$disconnect();
  }
}
