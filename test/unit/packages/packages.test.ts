import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROJECT_ROOT } from '../../../dev/project-root.ts';
import { repetitionOf } from '../../../packages/client/repeatable.ts';

const manifest = z.object({
  version: z.string(),
  license: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  private: z.boolean().optional(),
});
const textOf = (...path: string[]) => readFileSync(join(PROJECT_ROOT, ...path), 'utf8');
const manifestOf = (...folder: string[]) => manifest.parse(JSON.parse(textOf(...folder, 'package.json')));

/** Packages that the modules of a folder import. */
function importedBy(folder: string): string[] {
  const files = readdirSync(join(PROJECT_ROOT, folder), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.startsWith('dist'));
  return sources.flatMap((file) =>
    [...textOf(folder, file).matchAll(/from '((?!node:)[^.'][^']*)'/g)].map(([, name = '']) => name),
  );
}

const PACKAGES = [
  { folder: 'packages/client', rooms: ['api/generated'] },
  { folder: 'packages/emulator', rooms: ['emulator'] },
];

describe.each(PACKAGES)('$folder', ({ folder, rooms }) => {
  const own = manifestOf(folder);
  const root = manifestOf();

  it('has the version and the licence of Almanac', () => {
    expect(own.private).toBeUndefined();
    expect([own.version, own.license]).toEqual([root.version, root.license]);
    expect(textOf(folder, 'LICENSE')).toBe(textOf('LICENSE'));
  });

  it('depends on what it imports, in the versions that Almanac is tested with', () => {
    const imported = new Set([folder, ...rooms].flatMap(importedBy));
    imported.delete('vitest');
    expect(Object.keys(own.dependencies).toSorted()).toEqual([...imported].toSorted());
    for (const [name, version] of Object.entries(own.dependencies))
      expect(root.dependencies[name] ?? version, name).toBe(version);
  });
});

describe('the client’s list of writes that are sent once', () => {
  const document = z.object({
    paths: z.record(
      z.string(),
      z.record(
        z.string(),
        z.object({ parameters: z.array(z.object({ name: z.string().optional() })).optional() }),
      ),
    ),
  });
  const { paths } = document.parse(JSON.parse(textOf('api', 'generated', 'openapi.json')));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      method: method.toUpperCase(),
      path,
      takesKey: parameters.some(({ name }) => name === 'idempotency-key'),
    })),
  );

  it('names each that takes no Idempotency-Key, and no other', () => {
    const wrong = operations.filter(
      ({ method, path, takesKey }) => (repetitionOf(method, path) === 'with-key') !== takesKey,
    );
    expect(wrong).toEqual([]);
    expect(operations.filter(({ takesKey }) => takesKey).length).toBeGreaterThan(50);
  });
});
