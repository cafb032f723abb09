import { readdirSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { DIST, MODULES, PROGRAM } from './paths.mjs';

const FOLDER = join(PROGRAM, '..');
/**
 * Modules that the program starts. The second is a thread's, found beside the chunk that starts it. All other
 * modules find their files from any folder directly below `dist/`.
 */
const ENTRIES = {
  main: join(DIST, 'cli', 'main.js'),
  'engine-thread': join(DIST, 'services', 'planning', 'write-back', 'engine-thread.js'),
};
/**
 * Packages that nearly every command loads, and the ones that must share them: two copies of zod would not
 * know each other's schemas. All others are loaded from `node_modules`.
 */
const INCLUDED = [
  '@prisma/adapter-pg',
  '@prisma/client',
  '@prisma/driver-adapter-utils',
  'cli-table3',
  'commander',
  'dotenv',
  'fastify-type-provider-zod',
  'ipaddr.js',
  'pg',
  'temporal-polyfill',
  'zod',
];

/** WebAssembly of Prisma, 4.6 MB as text. */
const QUERY_COMPILER = '@prisma/client/runtime/query_compiler';

/** An included package brings its dependencies. */
function isExternal(specifier, importer) {
  if (specifier.startsWith(QUERY_COMPILER)) return true;
  if (specifier.startsWith('.') || isAbsolute(specifier) || importer?.startsWith(MODULES)) return false;
  return !INCLUDED.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

/**
 * Joins the compiled modules into few files: loading the hundreds of modules of a command costs more processor
 * time than running it. Commands stay lazy, because what is imported dynamically becomes a file of its own.
 */
export async function bundleProgram() {
  // Not above: this file is read before the dependencies are installed.
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: ENTRIES,
    platform: 'node',
    external: isExternal,
    logLevel: 'warn',
  });
  const { output } = await bundle.write({ dir: FOLDER, chunkFileNames: '[name]-[hash].js' });
  await bundle.close();
  // Only now: until here, a program that started before the build finds the files it has yet to load.
  const written = new Set(output.map(({ fileName }) => fileName));
  for (const name of readdirSync(FOLDER)) if (!written.has(name)) rmSync(join(FOLDER, name));
}
