import { existsSync, readFileSync } from 'node:fs';

/** The version in package.json: beside the sources in a checkout, one level further up from the compiled file. */
export function readVersion(): string {
  const beside = new URL('../package.json', import.meta.url);
  const file = existsSync(beside) ? beside : new URL('../../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
