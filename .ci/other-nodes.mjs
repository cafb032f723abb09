// Builds, runs the unit and replay tests and starts once on the supported majors of Node that this run is not on.
// The npm registry brings their binaries. Prints what each costs.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The oldest that package.json allows, the maintained one, and the current one. */
const VERSIONS = ['20.19.6', '24.21.0', '26.10.0'];
const STEPS = [
  { name: 'build', args: ['dev/bootstrap.mjs', 'build'] },
  { name: 'unit tests', args: ['dev/bootstrap.mjs', 'test', '--project', 'unit', '--reporter=dot'] },
  { name: 'replay tests', args: ['dev/bootstrap.mjs', 'test', '--project', 'replay', '--reporter=dot'] },
  { name: 'start', args: ['dev/bootstrap.mjs', 'start', '--once', '--json'] },
];

/** The folder that holds the binary. */
function install(version) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = resolve('.almanac', 'nodes', version);
  const bin = join(folder, 'node_modules', name, 'bin');
  if (existsSync(bin)) return bin;
  mkdirSync(folder, { recursive: true });
  const options = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder];
  execFileSync('npm', ['install', ...options, `${name}@${version}`], { stdio: 'inherit' });
  return bin;
}

let hasFailed = false;
for (const version of VERSIONS) {
  if (version.split('.')[0] === process.versions.node.split('.')[0]) continue;
  const bin = install(version);
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  // Otherwise there would be nothing to build.
  rmSync('dist', { recursive: true, force: true });
  for (const { name, args } of STEPS) {
    const startedAt = performance.now();
    const { status, signal } = spawnSync(join(bin, 'node'), args, { stdio: 'inherit', env });
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.log(
      `Node ${version}, ${name}: ${status === 0 ? 'passed' : `ended with ${signal ?? status}`} (${seconds} s)`,
    );
    hasFailed ||= status !== 0;
  }
}
process.exitCode = hasFailed ? 1 : 0;
