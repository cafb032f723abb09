import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const pathOf = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const linesOf = (file: string) => readFileSync(pathOf(file), 'utf8').split('\n');

const dockerfile = linesOf('Dockerfile');

describe('the image', () => {
  it('is built from a pinned release of Node', () => {
    expect(dockerfile).toContainEqual(expect.stringMatching(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-\w+-slim$/));
    const [, major] = /^ARG NODE_IMAGE=node:(\d+)\./m.exec(dockerfile.join('\n')) ?? [];
    // Even numbers get fixes for years; that of 20 has ended.
    expect(Number(major)).toBeGreaterThanOrEqual(24);
    expect(Number(major) % 2).toBe(0);
    const bases = dockerfile.filter((line) => line.startsWith('FROM '));
    for (const base of bases) expect(base).toMatch(/^FROM \$\{NODE_IMAGE\}( AS \w+)?$/);
  });

  it('installs the workspaces for the build, and for the program only what it depends on itself', () => {
    const { workspaces } = z
      .object({ workspaces: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(pathOf('package.json'), 'utf8')));
    for (const folder of workspaces) {
      expect(dockerfile).toContain(`COPY ${folder}/package.json ./${folder}/`);
      const given = linesOf('.dockerignore');
      expect(given.includes(`!${folder}`) || given.includes(`!${folder}/package.json`)).toBe(true);
    }
    const installs = dockerfile.filter((line) => line.includes('npm ci'));
    expect(installs).toEqual([
      expect.not.stringContaining('--omit'),
      expect.stringContaining('--workspaces=false --omit=dev --omit=optional'),
    ]);
  });

  it('does not run as root', () => {
    const users = dockerfile.filter((line) => line.startsWith('USER '));
    expect(users).toEqual(['USER node']);
    expect(dockerfile.indexOf('USER node')).toBeLessThan(
      dockerfile.findIndex((line) => line.startsWith('ENTRYPOINT')),
    );
  });

  it('is given every folder that the build compiles, and no more than it names', () => {
    const { include } = z
      .object({ include: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(pathOf('tsconfig.build.json'), 'utf8')));
    const ignore = linesOf('.dockerignore');
    expect(ignore).toContain('*');
    const folders = include.map((pattern) => pattern.split('/')[0] ?? pattern);
    for (const folder of folders.filter((name) => existsSync(pathOf(name))))
      expect(ignore).toContain(`!${folder}`);
  });

  it('is given every file that a compiled folder imports', () => {
    const { include } = z
      .object({ include: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(pathOf('tsconfig.build.json'), 'utf8')));
    const given = linesOf('.dockerignore').flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const folders = include.map((pattern) => pattern.split('/')[0] ?? pattern);
    const sources = folders.flatMap((folder) =>
      readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(folder, file)),
    );
    const imported = sources.flatMap((file) =>
      [...readFileSync(pathOf(file), 'utf8').matchAll(/from '(\.[^']+\.ts)'/g)].map(([, path = '']) =>
        normalize(join(dirname(file), path)),
      ),
    );
    expect(imported.length).toBeGreaterThan(100);
    expect(imported.filter((file) => !given.some((path) => `${file}/`.startsWith(`${path}/`)))).toEqual([]);
  });
});
