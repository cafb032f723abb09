import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeApi } from '../../../api/openapi-document.ts';

const read = (file: string) =>
  readFileSync(new URL(`../../../api/generated/${file}`, import.meta.url), 'utf8');
const STALE = 'run `npm run generate:api` and commit what it writes';

const document = await describeApi();
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item?.[method];
    return operation ? [{ path, operation }] : [];
  }),
);

describe('the OpenAPI document', () => {
  it('is committed as it is', () => {
    expect(JSON.parse(read('openapi.json')), STALE).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('is what the types of the client are made from', () => {
    const digest = createHash('sha256').update(read('openapi.json')).digest('hex');
    expect(read('openapi-types.ts').split('\n')[0], STALE).toContain(digest);
  });

  it('names each operation, once, and says what it is for', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(names.filter((name) => name === undefined)).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, operation } of operations) {
      expect(operation.summary, path).toBeTruthy();
      expect(operation.tags, path).toHaveLength(1);
    }
  });

  it('asks for a key wherever there is something of a workspace', () => {
    for (const { path, operation } of operations) {
      if (!path.startsWith('/api/') || operation.operationId === 'createSession') continue;
      const scheme = path === '/api/v1/embed/events' ? 'embed' : 'key';
      expect(operation.security, path).toEqual([{ [scheme]: [] }]);
    }
  });
});
