import { existsSync, readFileSync } from 'node:fs';

/** The version in package.json, which is one level further up from the compiled file than from the source. */
export function readVersion(): string {
  const beside = new URL('../package.json', import.meta.url);
  const file = existsSync(beside) ? beside : new URL('../../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
