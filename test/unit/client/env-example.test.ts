import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { environmentSchema, parseEnvironment } from '../../../contracts/environment.ts';

const VARIABLE = /^#?([A-Z][A-Z_]*)=/;
const lines = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8').split('\n');
const names = lines.flatMap((line) => VARIABLE.exec(line)?.[1] ?? []);

describe('.env.example', () => {
  it('lists exactly the variables of the schema, besides those of others and of the Compose file', () => {
    const compose = readFileSync(new URL('../../../temporal-compose.yml', import.meta.url), 'utf8');
    const composed = new Set([...compose.matchAll(/\$\{([A-Z_]+_PASSWORD)/g)].map(([, name]) => name));
    const known = Object.keys(environmentSchema.shape);
    const own = names.filter(
      (name) => known.includes(name) || !(/^(TEMPORAL|OTEL)_/.test(name) || composed.has(name)),
    );
    expect(own.toSorted()).toEqual(known.toSorted());
  });

  it('explains every variable on the line before it', () => {
    const unexplained = lines.filter(
      (line, index) => VARIABLE.test(line) && !/^# \S.*\.$/.test(lines[index - 1] ?? ''),
    );
    expect(unexplained).toEqual([]);
  });

  it('shows the defaults as they are', () => {
    const required = {
      DATABASE_URL: 'postgresql://localhost/almanac',
      TOKEN_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    };
    const shown = parse(lines.map((line) => line.replace(/^#(?=[A-Z])/, '')).join('\n'));
    expect(parseEnvironment({ ...shown, ...required })).toEqual(parseEnvironment(required));
  });
});
