import { readFileSync } from 'node:fs';
import { minVersion, satisfies } from 'semver';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const readJson = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      optional: z.boolean().optional(),
      engines: z.object({ node: z.string().optional() }).optional().catch(undefined),
    }),
  ),
});
const engines = z.object({ engines: z.object({ node: z.string() }) }).parse(readJson('package.json')).engines;

describe('the oldest Node that the package names', () => {
  it('is allowed by every package that the running program may load', () => {
    const oldest = minVersion(engines.node)!;
    const { packages } = lockSchema.parse(readJson('package-lock.json'));
    const loaded = Object.entries(packages).filter(
      ([path, { dev, devOptional, optional }]) =>
        path.startsWith('node_modules/') && !dev && !devOptional && !optional,
    );
    const refusing = loaded
      .filter(([, { engines: own }]) => own?.node !== undefined && !satisfies(oldest, own.node))
      .map(([path, { version, engines: own }]) => `${path}@${version} needs Node ${own?.node}`);
    expect(loaded.length).toBeGreaterThan(100);
    expect(refusing).toEqual([]);
  });
});
