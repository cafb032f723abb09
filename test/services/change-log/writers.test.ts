import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listChanges } from '../../../services/reading/changes.ts';
import { setCalendarEnabled } from '../../../services/calendars.ts';
import { disconnectAccount } from '../../../services/accounts/disconnect-account.ts';
import { createTokenCipher } from '../../../services/google/token-cipher.ts';
import { PROJECT_ROOT } from '../../../dev/project-root.ts';
import { ageMissingCalendars } from '../../support/missing-calendars.ts';
import { type ConnectedCalendar, connectCalendar } from '../../support/connected-calendar.ts';
import { logEqualsMirror } from '../../support/log-equals-mirror.ts';
import { createRandom, RandomEditor } from '../../support/random-editor.ts';
import { newRun, pullAll, runActivity } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

let stack: SyncStack;
let workspaces = 0;
let workspaceId: string;
let calendar: ConnectedCalendar;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());

/** A calendar with an edited past, synced in small pages. */
async function connectEdited(edits = 25): Promise<RandomEditor> {
  workspaces += 1;
  workspaceId = `writers-${workspaces}`;
  calendar = await connectCalendar(stack, { workspaceId });
  await stack.google.setPageShape({ maxPageSize: 7 });
  const editor = new RandomEditor(stack.google, calendar.google, createRandom(workspaces));
  for (let edit = 0; edit < edits; edit += 1) await editor.edit();
  await sync();
  return editor;
}

const sync = (options: object = {}) => pullAll(stack, calendar.id, { run: newRun(workspaceId), ...options });
const logged = async () => (await listChanges(stack.database, { workspaceId, limit: 1_000 })).changes;
const storedEvents = () => stack.database.calendarEvent.count({ where: { calendarId: calendar.id } });

afterEach(async () => {
  expect(await logEqualsMirror(stack.database, workspaceId)).toEqual([]);
  expect(stack.unexpected).toEqual([]);
});

describe('the change log is the mirror', () => {
  it('after a first sync, increments and full syncs of an edited calendar', async () => {
    const editor = await connectEdited();
    for (let round = 0; round < 4; round += 1) {
      for (let edit = 0; edit < 12; edit += 1) await editor.edit();
      if (round === 2) await stack.google.expireSyncTokens(calendar.google);
      const { outcome } = await sync({ mode: round % 2 === 0 ? 'incremental' : 'full' });
      if (outcome === 'sync-token-expired') await sync({ mode: 'full', tokenExpired: true });
      expect(await logEqualsMirror(stack.database, workspaceId)).toEqual([]);
    }
    const operations = new Set((await logged()).map(({ operation }) => operation));
    expect(operations).toEqual(new Set(['insert', 'update', 'delete']));
  });

  it('after a full sync that sweeps what was deleted meanwhile', async () => {
    await connectEdited();
    const { length } = await logged();
    for (const { id, status } of await stack.google.listEvents(calendar.google))
      if (status !== 'cancelled') await stack.google.deleteEvent(calendar.google, id);
    await sync({ mode: 'full' });
    expect(await storedEvents()).toBe(0);
    expect((await logged()).slice(length).every(({ operation }) => operation === 'delete')).toBe(true);
  });

  it('after a sync in which nothing has changed, which writes nothing to it', async () => {
    await connectEdited();
    const before = await stack.database.$queryRaw`
      select xmin::text, last_position from calendar_change_positions where workspace_id = ${workspaceId}`;
    await sync();
    await sync({ mode: 'full' });
    expect(
      await stack.database.$queryRaw`
        select xmin::text, last_position from calendar_change_positions where workspace_id = ${workspaceId}`,
    ).toEqual(before);
  });

  it('after a calendar has left the account’s list, and has come back', async () => {
    await connectEdited();
    const shared = await stack.google.createCalendar(calendar.google, { summary: 'Shared', timeZone: 'UTC' });
    const refresh = () =>
      runActivity(stack.activities.refreshCalendarList, {
        workspaceId,
        accountId: calendar.accountId,
        correlationId: 'refresh',
      });
    const [sharedId = ''] = (await refresh()).newCalendarIds;
    await stack.google.generateEvents(shared.id, { count: 12, recurringShare: 0.2, seed: 1 });
    await pullAll(stack, sharedId, { run: newRun(workspaceId) });
    const { length } = await logged();
    await stack.google.setAccessRole(calendar.google, shared.id, 'none');
    await refresh();
    expect(await logged()).toHaveLength(length);
    await ageMissingCalendars(stack.database, calendar.accountId);
    await refresh();
    const gone = (await logged()).slice(length);
    expect(gone.length).toBeGreaterThanOrEqual(12);
    expect(
      gone.every(
        ({ calendarId, operation, correlationId }) =>
          calendarId === sharedId && operation === 'delete' && correlationId === 'refresh',
      ),
    ).toBe(true);
    await stack.google.setAccessRole(calendar.google, shared.id, 'owner');
    await refresh();
    await pullAll(stack, sharedId, { run: newRun(workspaceId) });
    expect(await logged()).toHaveLength(length + 2 * gone.length);
  });

  it('after a calendar has been switched off and on again', async () => {
    const editor = await connectEdited();
    await setCalendarEnabled(stack.database, calendar.id, false);
    await editor.edit();
    expect(await sync()).toEqual({ outcome: 'not-syncable' });
    await setCalendarEnabled(stack.database, calendar.id, true);
    await sync();
  });

  it('after an account has been purged: its events are deleted, and what they said is gone from the log', async () => {
    await connectEdited();
    const before = await logged();
    const live = await storedEvents();
    await disconnectAccount(
      {
        database: stack.database,
        google: stack.dependencies.google,
        tokenCipher: createTokenCipher([stack.environment['TOKEN_ENCRYPTION_KEY'] ?? '']),
        revokeUrl: `${stack.environment['GOOGLE_API_ROOT_URL']}/revoke`,
      },
      { workspaceId, account: calendar.accountId, purge: true },
    );
    const after = await logged();
    expect(after.map(({ operation }) => operation)).toEqual([
      ...before.map(({ operation }) => operation),
      ...Array.from({ length: live }, () => 'delete'),
    ]);
    expect(after.filter(({ event }) => event !== null)).toEqual([]);
    const columns = await stack.database.calendarChange.findMany({ where: { workspaceId } });
    expect(columns.filter(({ etag, startAt, kind }) => etag ?? startAt ?? kind)).toEqual([]);
  });
});

/** Production code that writes to `calendar_events`, or removes calendars with their events. */
const WRITES =
  /\b(?:(?:insert into|update|delete from) "?calendar_events\b(?! set too_costly)|delete from "?calendars\b|calendarEvent\.(?:create|update|upsert|delete)|calendar\.delete)/;
const FOLDERS = ['activities', 'api', 'calendar', 'cli', 'client', 'dev', 'prisma', 'services', 'worker'];

/** Each is covered above, or in the tests of what it belongs to. */
const KNOWN_WRITERS = [
  'services/accounts/disconnect-account.ts',
  'services/change-log/restore-events.ts',
  'services/mirror/delete-events.ts',
  'services/mirror/drop-cancellations.ts',
  'services/mirror/sweep.ts',
  'services/mirror/write-events.ts',
];

it('has no other writer: a new one appends what it does to the log, and is tested with `logEqualsMirror`', async () => {
  const writers: string[] = [];
  for (const folder of FOLDERS) {
    const files = await readdir(join(PROJECT_ROOT, folder), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))) {
      const source = await readFile(join(PROJECT_ROOT, folder, file), 'utf8');
      if (WRITES.test(source)) writers.push(`${folder}/${file}`);
    }
  }
  expect(writers.toSorted()).toEqual(KNOWN_WRITERS);
});
