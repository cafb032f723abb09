import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectedCalendar, connectCalendar } from '../support/connected-calendar.ts';
import { newRun, pullAll } from '../support/run-activity.ts';
import { exitOf, runCli, spawnCli } from '../support/run-cli.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;
let calendar: ConnectedCalendar;
beforeAll(async () => {
  stack = await startSyncStack();
  calendar = await connectCalendar(stack, { events: 5 });
  await pullAll(stack, calendar.id, { run: newRun() });
});
afterAll(() => stack.close());

const run = (...args: string[]) => runCli(args, { env: stack.environment });

describe('almanac changes', () => {
  it('prints the changes after a cursor, as a table or as JSON', async () => {
    const json = await run('changes', 'acme', '--after', '2', '--limit', '2', '--json');
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject([
      {
        position: 3,
        cursor: '3',
        operation: 'insert',
        calendarId: calendar.id,
        event: { status: 'confirmed' },
      },
      { position: 4 },
    ]);
    const table = await run('changes', 'acme', '--limit', '2');
    expect(table.stdout).toContain('position');
    expect(table.stderr).toContain('--after 2');
  });

  it('tells of a malformed cursor and of one that has expired', async () => {
    const malformed = await run('changes', 'acme', '--after', 'yesterday');
    expect(malformed).toMatchObject({ code: 2, stderr: expect.stringContaining('after must be a cursor') });
    const expired = await run('changes', 'acme', '--after', '1000');
    expect(expired).toMatchObject({ code: 1, stderr: expect.stringContaining('read again from 0') });
  });

  it('follows: a line of JSON for each change as it is committed, until SIGINT', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'almanac-cli-'));
    const child = await spawnCli(
      ['changes', 'acme', '--after', '4', '--follow', '--json'],
      directory,
      stack.environment,
    );
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value);
    try {
      expect(await next()).toMatchObject({ position: 5, operation: 'insert' });
      const [event] = await stack.google.listEvents(calendar.google);
      await stack.google.deleteEvent(calendar.google, event!.id);
      await pullAll(stack, calendar.id, { run: newRun() });
      expect(await next()).toMatchObject({
        position: 6,
        operation: 'delete',
        googleEventId: event!.id,
        event: null,
      });
      child.kill('SIGINT');
      expect(await exitOf(child)).toBe(0);
    } finally {
      child.kill('SIGKILL');
      await rm(directory, { recursive: true });
    }
  });
});

describe('almanac rebuild', () => {
  it('reports what it has changed, calendar by calendar', async () => {
    await stack.database.workspaceCalendarEvent.deleteMany({ where: { calendarId: calendar.id } });
    const rebuilt = await run('rebuild', 'acme', '--json');
    const [report] = JSON.parse(rebuilt.stdout);
    expect(report).toMatchObject({ calendarId: calendar.id, events: 0 });
    expect(report.occurrences).toBe(
      await stack.database.workspaceCalendarEvent.count({ where: { calendarId: calendar.id } }),
    );
    const again = await run('rebuild', 'acme', '--from-log');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining(calendar.id) });
  });
});
