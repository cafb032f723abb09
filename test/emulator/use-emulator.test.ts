import * as vitest from 'vitest';
import { createEmulatorAdminClient, useEmulator } from '../../packages/emulator/index.ts';
import { ADA, hour, signIn } from '../support/emulator/start.ts';

const { describe, expect, it } = vitest;

describe('useEmulator', () => {
  const google = useEmulator(vitest, { seed: 7 });
  const ids: string[] = [];

  for (const test of ['first', 'second'])
    it(`gives the ${test} test an empty calendar without the faults of the one before`, async () => {
      const { refreshToken } = await google.admin.createUser({ email: ADA });
      const { api } = signIn(google.url, refreshToken);
      expect((await api.events.list({ calendarId: 'primary' })).data.items).toEqual([]);
      const { id } = await google.admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
      ids.push(id);
      await google.admin.addFault({ match: {}, times: 100, status: 500 });
      await expect(api.events.list({ calendarId: 'primary' })).rejects.toMatchObject({ status: 500 });
    });

  it('repeats the IDs of its seed', () => {
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is reached by other processes at its address', async () => {
    await google.admin.createUser({ email: ADA });
    const calendars = await createEmulatorAdminClient(google.url).calendars(ADA);
    expect(calendars).toEqual(await google.admin.calendars(ADA));
  });
});

it('says so when it is used before it runs', () => {
  const hooks = { beforeAll() {}, afterEach() {}, afterAll() {} };
  expect(() => useEmulator(hooks).url).toThrow('runs only while tests do');
});
