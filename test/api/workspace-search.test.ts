import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const JUST_NOW = { provenAt: new Date(), nextSyncAt: new Date() };
const PATH = '/api/v1/workspaces';

let fixture: ClientFixture;
let temporal: TestTemporal;
let api: TestApi;

beforeAll(async () => {
  [fixture, temporal] = await Promise.all([createClientFixture(), connectTestTemporal()]);
  api = await startTestApi({ stack: { prisma: fixture.prisma, temporal } });
  for (const [id, name, failures] of [
    ['acme-1', 'Berlin', 0],
    ['acme-2', 'Boston_50%', 3],
    ['globex', 'Acme of old', 0],
    ['umbrella', null, null],
  ] as const) {
    if (failures === null) await fixture.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
    else {
      const { accountId } = await fixture.connect(id);
      await fixture.addCalendar(id, accountId, { syncState: { ...JUST_NOW, failures } });
    }
    await fixture.prisma.workspace.update({ where: { id }, data: { name } });
  }
  await fixture.prisma.calendarAuthToken.updateMany({ data: { calendarListSyncedAt: new Date() } });
});
afterAll(async () => {
  await api.close();
  await temporal.close();
  await fixture.drop();
});

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);
const search = async (query: string) => idsOf((await api.call(`${PATH}?${query}`)).body);

describe('the list of workspaces', () => {
  it.each([
    ['acme', ['acme-1', 'acme-2', 'globex']],
    ['ACME-', ['acme-1', 'acme-2']],
    ['bos', ['acme-2']],
    ['Boston_5', ['acme-2']],
    ['B%', []],
    ['_', []],
    ['erlin', []],
  ])('finds IDs and names that begin with %s', async (text, ids) => {
    expect(await search(`search=${encodeURIComponent(text)}`)).toEqual(ids);
  });

  it('says how each of them is, where that is asked for', async () => {
    const { body } = await api.call(`${PATH}?withHealth=true`);
    expect(body.map((one: { id: string; health: string }) => [one.id, one.health])).toEqual([
      ['acme-1', 'healthy'],
      ['acme-2', 'failing'],
      ['globex', 'healthy'],
      ['umbrella', 'pending'],
    ]);
    expect(body[1]).toMatchObject({
      name: 'Boston_50%',
      calendars: 1,
      unhealthy: 1,
      deadLetters: 0,
      oldestProvenAt: expect.any(String),
    });
    expect((await api.call(PATH)).body[1]).not.toHaveProperty('health');
  });

  it('has those with a health only, and together with a search', async () => {
    expect(await search('health=failing')).toEqual(['acme-2']);
    expect(await search('health=failing,pending')).toEqual(['acme-2', 'umbrella']);
    expect(await search('health=healthy&health=failing&search=acme-')).toEqual(['acme-1', 'acme-2']);
    expect(await search('health=needs_reconnect')).toEqual([]);
    expect(await api.call(`${PATH}?health=sick`)).toMatchObject({ status: 400, body: { field: 'health.0' } });
  });

  it('follows what becomes of them', async () => {
    await fixture.prisma.calendarSyncState.updateMany({
      where: { workspaceId: 'globex' },
      data: { failures: 1 },
    });
    await expect.poll(() => search('health=failing')).toEqual(['acme-2', 'globex']);
    await fixture.prisma.calendarSyncState.updateMany({
      where: { workspaceId: 'globex' },
      data: { failures: 0 },
    });
    await expect.poll(() => search('health=failing')).toEqual(['acme-2']);
  });

  it('goes on from page to page', async () => {
    const first = await api.call(`${PATH}?withHealth=true&limit=2&search=acme`);
    expect(idsOf(first.body)).toEqual(['acme-1', 'acme-2']);
    const cursor = first.headers.get('x-next-cursor');
    expect(await search(`withHealth=true&limit=2&search=acme&cursor=${cursor}`)).toEqual(['globex']);
  });
});
