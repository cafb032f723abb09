import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROJECT_ROOT } from '../../../dev/project-root.ts';

export interface ProjectCopy {
  directory: string;
  remove(): void;
}

/**
 * A copy of the files that git has or would add: what a fresh clone has, but for the dependencies, which are
 * shared.
 */
export function copyProject(): ProjectCopy {
  const directory = mkdtempSync(join(tmpdir(), 'almanac-e2e-'));
  // As root, PostgreSQL runs as another user.
  chmodSync(directory, 0o755);
  const listing = ['ls-files', '--cached', '--others', '--exclude-standard', '--exclude=node_modules'];
  const files = execFileSync('git', listing, {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
  });
  for (const file of files.split('\n').filter(Boolean)) {
    const source = join(PROJECT_ROOT, file);
    if (!existsSync(source)) continue;
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(source, join(directory, file));
  }
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(directory, 'node_modules'));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
