import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { createMirrorProver } from '../../client/prove-mirror.ts';
import { WEBHOOK_PATH } from '../../contracts/push.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { calendarRow } from '../support/mirror.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

const GOOGLE = 'proven@example.com';
const RANGE = 'from=2026-12-01T00:00:00Z&to=2027-01-01T00:00:00Z';
const PATH = `/api/v1/workspaces/proven/events?${RANGE}`;

let stack: WorkflowStack;
let api: TestApi;
let calendarId: string;

beforeAll(async () => {
  stack = await startServedStack();
  api = await startTestApi({ stack: { prisma: stack.database, temporal: stack.temporal } });
  await stack.connect('proven', GOOGLE);
  await stack.sync('proven');
  calendarId = (await calendarRow(stack, GOOGLE)).id;
});
afterAll(async () => {
  await api.close();
  await stack.close();
});
beforeEach(() => stack.google.clearFaults());

const state = () => stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
const read = (query = '', headers: Record<string, string> = {}) => api.call(`${PATH}${query}`, { headers });
/** As if the last sync were so long ago. */
async function age(seconds: number): Promise<void> {
  await stack.database.$executeRaw`
    update calendar_sync_states set proven_at = proven_at - make_interval(secs => ${seconds}::float8)
    where calendar_id = ${calendarId}::uuid`;
}
let events = 0;
async function addEvent(): Promise<{ title: string; at: number }> {
  const title = `Event ${(events += 1)}`;
  const { updated } = await stack.google.insertEvent(GOOGLE, {
    summary: title,
    start: { dateTime: '2026-12-03T12:00:00Z' },
    end: { dateTime: '2026-12-03T13:00:00Z' },
  });
  return { title, at: Date.parse(String(updated)) };
}
const titlesOf = (body: { events: { title: string }[] }) => body.events.map(({ title }) => title);
async function passes(): Promise<number> {
  const { _sum } = await stack.database.workspaceCalendarSyncLog.aggregate({
    where: { calendarId },
    _sum: { pages: true },
  });
  return _sum.pages ?? 0;
}

describe('a proof', () => {
  it('is the start of the last finished listing, in the body and in a header', async () => {
    const { body, headers } = await read();
    const provenAt = (await state()).provenAt!.toISOString();
    expect(body.proof).toEqual({ provenAt, calendars: [{ workspaceId: 'proven', calendarId, provenAt }] });
    expect(headers.get('almanac-proven-at')).toBe(provenAt);
  });

  it('moves on without changing the ETag, and a 304 tells it too', async () => {
    const first = await read();
    const etag = String(first.headers.get('etag'));
    await stack.sync('proven');
    const second = await read('', { 'if-none-match': etag });
    expect(second).toMatchObject({ status: 304, body: '' });
    expect(second.headers.get('almanac-proven-at')).toBe((await state()).provenAt!.toISOString());
    expect(second.headers.get('almanac-proven-at')).not.toBe(first.body.proof.provenAt);
  });

  it('is null while a calendar has not been read', async () => {
    await stack.database.workspace.create({ data: { id: 'empty', timeZone: 'UTC' } });
    const { body, headers } = await api.call(`/api/v1/workspaces/empty/events?${RANGE}`);
    expect(body.proof).toEqual({ provenAt: null, calendars: [] });
    expect(headers.get('almanac-proven-at')).toBeNull();
  });
});

describe('maxAge', () => {
  it('syncs nothing while the proof is recent enough', async () => {
    await stack.sync('proven');
    const before = await passes();
    expect((await read('&maxAge=3600')).status).toBe(200);
    expect(await passes()).toBe(before);
  });

  it('brings in what Google holds, and answers with the new proof', async () => {
    await age(120);
    const { title } = await addEvent();
    const askedAt = Date.now();
    const { status, body } = await read('&maxAge=60');
    expect(status).toBe(200);
    expect(titlesOf(body)).toContain(title);
    expect(Date.parse(body.proof.provenAt)).toBeGreaterThanOrEqual(askedAt - 60_000);
  });

  it('applies to availability too', async () => {
    await age(120);
    const askedAt = Date.now();
    const windows = [{ from: '2026-12-01T00:00:00Z', to: '2026-12-08T00:00:00Z' }];
    const ask = (query: string) =>
      api.call(`/api/v1/availability${query}`, {
        method: 'POST',
        body: { workspaceIds: ['proven'], windows },
      });
    expect(await ask('?maxAge=60&wait=0')).toMatchObject({ status: 409, body: { stale: [{ calendarId }] } });
    const { status, body } = await ask('?maxAge=60');
    expect(status).toBe(200);
    expect(Date.parse(body.proof.provenAt)).toBeGreaterThanOrEqual(askedAt - 60_000);
  });

  it('shares few passes among many callers at once', async () => {
    await age(120);
    const before = await passes();
    const answers = await Promise.all(Array.from({ length: 100 }, () => read('&maxAge=60&wait=30&limit=1')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await passes()).toBeLessThanOrEqual(before + 5);
  });

  it('shares few requests among a thousand callers', async () => {
    await age(120);
    const before = await passes();
    const almanac = createAlmanacClient({ temporal: stack.temporal.client, database: stack.database });
    let asked = 0;
    const requestSync: typeof almanac.requestSync = (request) => {
      asked += 1;
      return almanac.requestSync(request);
    };
    const prover = createMirrorProver({ database: stack.database, almanac: { requestSync } });
    const one = { workspaceId: 'proven', maxAgeSeconds: 60, waitMs: 30_000, source: 'api' as const };
    await Promise.all(Array.from({ length: 1_000 }, () => prover.prove(one)));
    expect(asked).toBeLessThanOrEqual(3);
    expect(await passes()).toBeLessThanOrEqual(before + 5);
    prover.close();
  });

  it.each([['0'], ['86401'], ['1.5'], ['soon'], ['']])('is refused as %j', async (given) => {
    expect(await read(`&maxAge=${given}`)).toMatchObject({ status: 400, body: { field: 'maxAge' } });
  });

  it('tells which calendar is stale, since when and why', async () => {
    await age(120);
    const provenAt = (await state()).provenAt!.toISOString();
    const unsynced = await read('&maxAge=60&wait=0');
    expect(unsynced.status).toBe(409);
    expect(unsynced.body).toMatchObject({
      type: 'stale-mirror',
      stale: [{ calendarId, provenAt, reason: 'timed-out' }],
    });
    await stack.database.calendarSyncState.update({ where: { calendarId }, data: { nextSyncAt: null } });
    const unpolled = await read('&maxAge=60');
    expect(unpolled.body).toMatchObject({ status: 409, stale: [{ calendarId, reason: 'not-polled' }] });
    await stack.database.calendarSyncState.update({
      where: { calendarId },
      data: { nextSyncAt: new Date() },
    });
    await stack.database.calendarAuthToken.updateMany({ data: { status: 'needs_reconnect' } });
    const revoked = await read('&maxAge=60');
    expect(revoked.body).toMatchObject({ status: 409, stale: [{ calendarId, reason: 'needs-reconnect' }] });
    await stack.database.calendarAuthToken.updateMany({ data: { status: 'connected' } });
    expect((await read('&maxAge=60')).status).toBe(200);
  });

  it('is answered with 409 when Google does not answer in time', async () => {
    await age(120);
    await stack.google.addFault({ match: { pathContains: '/events' }, times: 1, delayMs: 4_000 });
    const { status, body } = await read('&maxAge=60&wait=1');
    expect(status).toBe(409);
    expect(body.stale).toMatchObject([{ calendarId, reason: 'timed-out' }]);
  });
});

describe('an answer that claims a proof', () => {
  /** Reads while Google is edited, and checks every answer against the edits committed by then. */
  async function race(query: () => string, seconds: number): Promise<number> {
    const edits: { title: string; at: number }[] = [];
    const over = new AbortController();
    const editing = (async () => {
      while (!over.signal.aborted) {
        edits.push(await addEvent());
        await sleep(10);
      }
    })();
    let checked = 0;
    const until = Date.now() + seconds * 1_000;
    while (Date.now() < until) {
      const { status, body } = await read(`&limit=5000${query()}`);
      expect([200, 409]).toContain(status);
      if (status !== 200) continue;
      const titles = new Set(titlesOf(body));
      const provenAt = Date.parse(body.proof.provenAt);
      const due = edits.filter(({ at }) => at <= provenAt);
      expect(due.filter(({ title }) => !titles.has(title))).toEqual([]);
      checked += due.length;
    }
    over.abort();
    await editing;
    return checked;
  }

  it('shows every edit up to it, without push', { tags: ['slow'] }, async () => {
    expect(await race(() => '&maxAge=1', 8)).toBeGreaterThan(0);
  });

  it('shows every edit up to it, with push', { tags: ['slow'] }, async () => {
    stack.dependencies.push.address = `${api.url}${WEBHOOK_PATH}`;
    const upkeep = await stack.temporal.client.workflow.start(WorkflowType.maintainWatchChannels, {
      taskQueue: TaskQueue.calendarSync,
      workflowId: 'maintain-proofs',
    });
    await upkeep.result();
    let reads = 0;
    expect(await race(() => ((reads += 1) % 2 === 0 ? '' : '&maxAge=2'), 8)).toBeGreaterThan(0);
  });
});
