import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureSearchAttributes, missingSearchAttributes } from '../../client/search-attributes.ts';
import { startOwnTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startOwnTemporal({});
});
afterAll(() => temporal.close());

it('adds the search attributes that a namespace lacks, once', async () => {
  const { operatorService } = temporal.client.connection;
  await operatorService.removeSearchAttributes({ namespace: 'default', searchAttributes: ['SyncMode'] });
  expect(await missingSearchAttributes(temporal.client)).toEqual(['SyncMode']);
  expect(await ensureSearchAttributes(temporal.client)).toEqual(['SyncMode']);
  expect(await missingSearchAttributes(temporal.client)).toEqual([]);
  expect(await ensureSearchAttributes(temporal.client)).toEqual([]);
});
