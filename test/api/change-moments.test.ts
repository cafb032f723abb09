import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendChanges } from '../../services/change-log/append-changes.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  for (const id of ['acme', 'beta', 'quiet'])
    await api.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
});
afterAll(() => api.close());

const append = (workspaceId: string, ids: string[]) =>
  api.prisma.$transaction((transaction) =>
    appendChanges(
      transaction,
      { workspaceId, correlationId: 'run' },
      ids.map((googleEventId) => ({ calendarId: randomUUID(), googleEventId, operation: 'delete' })),
    ),
  );
const PATH = '/api/v1/workspaces/acme/changes/moments';

it('names the moments at which there were changes, newest first, page by page, and none twice', async () => {
  await append('acme', ['a', 'b', 'c']);
  await append('beta', ['x']);
  await append('acme', ['d']);
  await append('acme', ['e', 'f']);
  const all = await api.call(PATH);
  expect(all).toMatchObject({ status: 200, body: [{ changes: 2 }, { changes: 1 }, { changes: 3 }] });
  expect(all.headers.get('x-next-cursor')).toBeNull();
  const { body: log } = await api.call('/api/v1/workspaces/acme/changes');
  const instants = log.changes.map(({ changedAt }: { changedAt: string }) => changedAt);
  expect(all.body.map(({ at }: { at: string }) => at)).toEqual([...new Set(instants)].toReversed());
  const first = await api.call(`${PATH}?limit=2`);
  expect(first.body).toEqual(all.body.slice(0, 2));
  const rest = await api.call(`${PATH}?limit=2&cursor=${first.headers.get('x-next-cursor')}`);
  expect(rest.body).toEqual(all.body.slice(2));
  expect(rest.headers.get('x-next-cursor')).toBeNull();
});

it('names those alone that `asOf` can be asked: kept ones, of the workspace', async () => {
  await api.prisma.$executeRaw`
    update calendar_changes set changed_at = now() - interval '31 days'
    where workspace_id = 'acme' and position <= 3`;
  expect((await api.call(PATH)).body).toMatchObject([{ changes: 2 }, { changes: 1 }]);
  await api.prisma.$executeRaw`
    update calendar_change_positions set compacted_through = 4 where workspace_id = 'acme'`;
  expect((await api.call(PATH)).body).toMatchObject([{ changes: 2 }]);
  expect((await api.call('/api/v1/workspaces/quiet/changes/moments')).body).toEqual([]);
  const key = await api.createKey('beta');
  expect(await api.call(PATH, { key })).toMatchObject({ status: 403 });
  expect(await api.call(`${PATH}?limit=501`)).toMatchObject({ status: 400, body: { field: 'limit' } });
});
