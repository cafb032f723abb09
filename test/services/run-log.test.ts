import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoggedRun, listRuns, type RunFilter } from '../../services/reading/run-log.ts';
import { runCli } from '../support/run-cli.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

let fixture: ClientFixture;
let calendars: string[];

const BASE = Date.parse('2026-03-01T12:00:00.000Z');
const minute = (minutes: number) => new Date(BASE + minutes * 60_000);

beforeAll(async () => {
  fixture = await createClientFixture();
  const { accountId } = await fixture.connect('acme');
  calendars = [await fixture.addCalendar('acme', accountId), await fixture.addCalendar('acme', accountId)];
  await fixture.connect('globex');
  await fixture.prisma.workspaceCalendarSyncLog.createMany({
    data: Array.from({ length: 30 }, (_, index) => ({
      workspaceId: 'acme',
      calendarId: calendars[index % 2]!,
      workflowId: 'calendar-sync/acme',
      runId: randomUUID(),
      mode: index === 0 ? 'full' : 'incremental',
      source: 'schedule',
      correlationId: `tick-${index}`,
      outcome: index === 29 ? 'running' : index % 10 === 5 ? 'failed' : 'success',
      failureType: index % 10 === 5 ? 'GoogleUnavailable' : null,
      pages: 1,
      // Runs of one tick start at the same moment.
      startedAt: minute(15 * Math.floor(index / 2)),
      finishedAt: index === 29 ? null : new Date(minute(15 * Math.floor(index / 2)).getTime() + 1_250),
    })),
  });
});
afterAll(() => fixture.drop());

const runs = (filter: Omit<RunFilter, 'workspaceId'> = {}) =>
  listRuns(fixture.prisma, { workspaceId: 'acme', ...filter });

describe('the run log', () => {
  it('tells what each run did and how long it took, newest first', async () => {
    const {
      runs: [open, last],
    } = await runs({ limit: 2 });
    expect(open).toMatchObject({ outcome: 'running', finishedAt: null, durationMs: null });
    expect(last).toEqual({
      calendarId: calendars[0],
      workflowId: 'calendar-sync/acme',
      runId: expect.any(String),
      mode: 'incremental',
      source: 'schedule',
      correlationId: 'tick-28',
      outcome: 'success',
      pages: 1,
      upserted: 0,
      deleted: 0,
      startedAt: minute(15 * 14).toISOString(),
      finishedAt: new Date(minute(15 * 14).getTime() + 1_250).toISOString(),
      durationMs: 1_250,
    });
  });

  it('is read page by page, each run once', async () => {
    const seen: LoggedRun[] = [];
    let after: RunFilter['after'];
    do {
      const page = await runs({ limit: 7, after });
      seen.push(...page.runs);
      after = page.cursor;
    } while (after);
    expect(seen.map(({ correlationId }) => correlationId)).toEqual(
      Array.from({ length: 30 }, (_, index) => `tick-${29 - index}`),
    );
  });

  it('shows one calendar, failures, or what happened since', async () => {
    expect((await runs({ calendarId: calendars[1] })).runs).toHaveLength(15);
    const { runs: failed } = await runs({ failed: true });
    expect(failed.map(({ failureType }) => failureType)).toEqual(Array(3).fill('GoogleUnavailable'));
    expect((await runs({ since: minute(15 * 13).toISOString() })).runs).toHaveLength(4);
    expect((await listRuns(fixture.prisma, { workspaceId: 'globex' })).runs).toEqual([]);
  });

  it('names the field that is wrong', async () => {
    await expect(runs({ calendarId: 'work' })).rejects.toThrow('calendarId must be a calendar UUID');
    await expect(runs({ since: 'yesterday' })).rejects.toThrow('since must be an instant');
    await expect(listRuns(fixture.prisma, { workspaceId: 'nobody' })).rejects.toThrow(
      'There is no workspace',
    );
  });
});

describe('almanac log', () => {
  it('prints JSON and a table, and no more than it was asked for', async () => {
    const env = { DATABASE_URL: fixture.url };
    const json = await runCli(['log', 'acme', '--failed', '--limit', '2', '--json'], { env });
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { correlationId: 'tick-25', failureType: 'GoogleUnavailable', durationMs: 1250 },
      { correlationId: 'tick-15' },
    ]);
    const table = await runCli(['log', 'acme'], { env });
    expect(table.stdout).toContain('GoogleUnavailable');
    expect(await runCli(['log', 'acme', '--limit', '0'], { env })).toMatchObject({ code: 2 });
  });
});
