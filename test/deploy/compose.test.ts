import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DCLinter } from 'dclint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMPOSE_FILE = resolve(ROOT, 'temporal-compose.yml');

/** The parts of a service that the checks below read; the linter checks the rest against the Compose schema. */
const serviceSchema = z.object({
  image: z.string(),
  environment: z.record(z.string(), z.unknown()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  healthcheck: z.object({ disable: z.boolean().optional() }).optional(),
});
const text = readFileSync(COMPOSE_FILE, 'utf8');
const { services, volumes } = z
  .object({ services: z.record(z.string(), serviceSchema), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(text, { merge: true }));

/** A finding of the linter; its own types do not resolve under Node's rules. */
const resultsSchema = z.array(
  z.object({
    messages: z.array(z.object({ rule: z.string(), message: z.string(), line: z.number() })),
  }),
);

/** Layout is prettier's business; `image` names what `build` makes. */
const RULES_OFF = [
  'no-build-and-image',
  'require-quotes-in-ports',
  'service-dependencies-alphabetical-order',
  'service-keys-order',
  'services-alphabetical-order',
  'top-level-properties-order',
];

/** A model in the operator's own network may need none. */
const OPTIONAL_SECRET = 'NARRATIVE_API_KEY';

describe('temporal-compose.yml', () => {
  it('satisfies the Compose schema and the linter', () => {
    const linter = new DCLinter({
      rules: Object.fromEntries(RULES_OFF.map((rule) => [rule, 0 as const])),
      quiet: false,
      debug: false,
      exclude: [],
    });
    const messages = resultsSchema
      .parse(linter.lintFiles([COMPOSE_FILE], false))
      .flatMap((result) => result.messages);
    expect(messages.map(({ rule, message, line }) => `${line}: ${rule}: ${message}`)).toEqual([]);
  });

  it('pins every image to a patch release', () => {
    for (const { image } of Object.values(services))
      expect(image).toMatch(/^[\w/-]+:\d+\.\d+(\.\d+)?(-[\w.-]+)?$/);
  });

  it('takes every secret from the environment, and refuses to start without it', () => {
    for (const { environment } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (name === OPTIONAL_SECRET) continue;
        if (/PASSWORD|PWD|SECRET|KEY|TOKEN/.test(name)) expect(value, name).toMatch(/^\$\{\w+:\?[^}]+\}$/);
      }
    }
  });

  it('gives each process a login of its own, and a password of its own', () => {
    const logins = Object.entries(services).flatMap(([name, { environment }]) => {
      const url = environment['DATABASE_URL'];
      const [, user, password] =
        (typeof url === 'string' && /:\/\/(\w+):\$\{(\w+):\?[^}]+\}@postgres/.exec(url)) || [];
      return user === undefined ? [] : [[name, user, password]];
    });
    expect(logins).toEqual([
      ['migrate', 'almanac_migrate', 'ALMANAC_POSTGRES_PASSWORD'],
      ['schedules', 'almanac_worker', 'ALMANAC_WORKER_POSTGRES_PASSWORD'],
      ['worker', 'almanac_worker', 'ALMANAC_WORKER_POSTGRES_PASSWORD'],
      ['api', 'almanac_api', 'ALMANAC_API_POSTGRES_PASSWORD'],
    ]);
    const script = readFileSync(resolve(ROOT, 'deploy/postgres/create-databases.sh'), 'utf8');
    for (const [, user] of logins) expect(script).toContain(`'${user}'`);
  });

  it('takes nothing from the environment that .env.example does not explain', () => {
    const example = readFileSync(resolve(ROOT, '.env.example'), 'utf8');
    const names = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    expect(names.size).toBeGreaterThan(0);
    for (const name of names) expect(example).toMatch(new RegExp(`^#?${name}=`, 'm'));
  });

  it('waits for services that exist, and for health where there is a check', () => {
    for (const [name, { depends_on: dependencies }] of Object.entries(services)) {
      for (const [dependency, { condition }] of Object.entries(dependencies)) {
        const target = services[dependency];
        expect(target, `${name} waits for ${dependency}`).toBeDefined();
        const checked = target?.healthcheck !== undefined && !target.healthcheck.disable;
        expect(condition).toBe(checked ? 'service_healthy' : 'service_completed_successfully');
      }
    }
  });

  it('mounts files that exist and volumes that are declared', () => {
    for (const mount of Object.values(services).flatMap((service) => service.volumes)) {
      const [source = ''] = mount.split(':');
      if (source.startsWith('./')) expect(existsSync(resolve(ROOT, source)), mount).toBe(true);
      else expect(Object.keys(volumes)).toContain(source);
    }
  });

  it('publishes ports on the loopback interface only, and none for the worker', () => {
    const ports = Object.values(services).flatMap((service) => service.ports);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(services['worker']?.ports).toEqual([]);
  });
});
