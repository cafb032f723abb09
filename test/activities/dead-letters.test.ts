import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { grantFingerprint } from '../../services/google/grant-fingerprint.ts';
import { setCalendarEnabled } from '../../services/calendars.ts';
import type { RecordSyncFailureInput } from '../../contracts/sync-activities.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { RETRY_TABLE } from '../../contracts/retry-table.ts';
import { ageMissingCalendars } from '../support/missing-calendars.ts';
import { connectCalendar, type ConnectedCalendar } from '../support/connected-calendar.ts';
import { newRun, pullAll, runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;
let calendar: ConnectedCalendar;

beforeAll(async () => {
  stack = await startSyncStack();
});
beforeEach(async () => {
  calendar = await connectCalendar(stack);
  stack.clock.now = null;
});
afterAll(() => stack.close());

/** A run in which the calendar failed, unless `input` names something else. */
async function fail(input: Partial<RecordSyncFailureInput> = {}, run = newRun()): Promise<void> {
  await runActivity(
    stack.activities.recordSyncFailure,
    {
      workspaceId: 'acme',
      source: 'schedule',
      correlationId: 'order-1',
      runStartedAt: run.runStartedAt,
      calendarId: calendar.id,
      accountId: null,
      mode: 'incremental',
      failureType: FailureType.googleUnavailable,
      ...input,
    },
    { run },
  );
}

const revoked = { failureType: FailureType.googleAuthRevoked };
const onAccount = () => ({ calendarId: null, accountId: calendar.accountId });

/** Letters of the calendar and its account, oldest first. */
function deadLetters() {
  return stack.database.deadLetter.findMany({
    where: { OR: [{ calendarId: calendar.id }, { accountId: calendar.accountId }] },
    orderBy: { firstFailedAt: 'asc' },
  });
}
const statuses = async () => (await deadLetters()).map(({ status }) => status);

async function discardAll(): Promise<void> {
  await stack.database
    .$executeRaw`update dead_letters set status = 'discarded', closed_at = now() where status = 'open'`;
}

async function listCalendars(): Promise<void> {
  const { accountId } = calendar;
  const input = { workspaceId: 'acme', accountId, correlationId: 'order-2' };
  await runActivity(stack.activities.refreshCalendarList, input);
}

const account = () =>
  stack.database.calendarAuthToken.findUniqueOrThrow({ where: { id: calendar.accountId } });

describe('a calendar that stays failed', () => {
  it('leaves a dead letter that says what, where and since when', async () => {
    const [first, last] = [new Date('2026-03-01T10:00:00Z'), new Date('2026-03-01T10:15:00Z')];
    const run = newRun();
    stack.clock.now = first;
    await fail();
    stack.clock.now = last;
    await fail({ correlationId: 'order-2' }, run);
    expect(await deadLetters()).toEqual([
      expect.objectContaining({
        workspaceId: 'acme',
        calendarId: calendar.id,
        accountId: null,
        operation: 'sync',
        failureType: FailureType.googleUnavailable,
        workflowId: 'calendar-sync/acme',
        runId: run.runId,
        correlationId: 'order-2',
        attempts: 2,
        status: 'open',
        firstFailedAt: first,
        lastFailedAt: last,
        closedAt: null,
        noticeClaimedAt: null,
      }),
    ]);
  });

  it('has one dead letter after fifty runs, and after fifty at once', async () => {
    for (let run = 0; run < 25; run += 1) await fail();
    await Promise.all(Array.from({ length: 25 }, () => fail()));
    expect(await deadLetters()).toMatchObject([{ attempts: 50, status: 'open' }]);
    expect(
      await stack.database.calendarSyncState.findUnique({ where: { calendarId: calendar.id } }),
    ).toMatchObject({ failures: 50 });
  });

  it('counts a run once, however often its attempts report it', async () => {
    const run = newRun();
    await fail({}, run);
    await fail({}, run);
    expect(await deadLetters()).toMatchObject([{ attempts: 1 }]);
  });

  it('has a dead letter for each type of failure', async () => {
    await fail();
    await fail({ failureType: FailureType.googleForbidden });
    expect(await deadLetters()).toMatchObject([
      { failureType: FailureType.googleUnavailable },
      { failureType: FailureType.googleForbidden },
    ]);
  });

  it('has them resolved by its next success, and a new one by the next failure', async () => {
    await fail();
    await fail({ failureType: FailureType.googleBadRequest });
    await pullAll(stack, calendar.id);
    expect(await deadLetters()).toMatchObject([
      { status: 'resolved', closedAt: expect.any(Date) },
      { status: 'resolved', closedAt: expect.any(Date) },
    ]);
    await fail();
    expect(await statuses()).toEqual(['resolved', 'resolved', 'open']);
  });

  it('has none where it was disabled meanwhile, and none left open once it is', async () => {
    await fail();
    await setCalendarEnabled(stack.database, calendar.id, false);
    expect(await statuses()).toEqual(['resolved']);
    await fail();
    expect(await statuses()).toEqual(['resolved']);
  });

  it('has none left open when it is gone from the list of its account', async () => {
    const { google, accountId } = calendar;
    const id = `shared-${accountId}`;
    await stack.google.createCalendar(google, { id, summary: 'Shared', timeZone: 'UTC' });
    await listCalendars();
    const shared = await stack.database.calendar.findFirstOrThrow({ where: { googleCalendarId: id } });
    await fail({ calendarId: shared.id });
    await stack.google.removeCalendar(id);
    await listCalendars();
    await ageMissingCalendars(stack.database, accountId);
    await listCalendars();
    const where = { calendarId: shared.id };
    expect(await stack.database.deadLetter.findFirstOrThrow({ where })).toMatchObject({ status: 'resolved' });
  });
});

describe('a dead letter that was discarded', () => {
  it('stays closed while its failure persists', async () => {
    await fail();
    await discardAll();
    await fail();
    expect(await deadLetters()).toMatchObject([{ status: 'discarded', attempts: 1 }]);
  });

  it('does not suppress another failure', async () => {
    await fail();
    await discardAll();
    await fail({ failureType: FailureType.googleBadRequest });
    expect(await statuses()).toEqual(['discarded', 'open']);
  });

  it('is followed by a new one when the calendar had recovered in between', async () => {
    await fail();
    await discardAll();
    await pullAll(stack, calendar.id);
    await fail();
    expect(await statuses()).toEqual(['discarded', 'open']);
  });

  it('of a calendar list likewise', async () => {
    await fail(onAccount());
    await discardAll();
    await fail(onAccount());
    expect(await statuses()).toEqual(['discarded']);
    await listCalendars();
    await fail(onAccount());
    expect(await statuses()).toEqual(['discarded', 'open']);
  });
});

describe('a calendar list that cannot be read', () => {
  it('leaves a dead letter on the account, which the next list resolves', async () => {
    await fail(onAccount());
    expect(await deadLetters()).toMatchObject([
      { operation: 'calendar-list', accountId: calendar.accountId, calendarId: null, status: 'open' },
    ]);
    await listCalendars();
    expect(await statuses()).toEqual(['resolved']);
  });
});

describe('revoked consent', () => {
  it('is one dead letter on the account, however many of its calendars fail for it', async () => {
    const { google } = calendar;
    for (const name of ['Second', 'Third']) {
      await stack.google.createCalendar(google, { summary: name, timeZone: 'UTC' });
    }
    await listCalendars();
    const run = newRun();
    const { accountId } = calendar;
    for (const { id } of await stack.database.calendar.findMany({ where: { accountId } })) {
      await fail({ ...revoked, calendarId: id }, run);
    }
    await fail({ ...revoked, ...onAccount() });
    expect(await stack.database.deadLetter.findMany({ where: { calendar: { accountId } } })).toEqual([]);
    expect(await deadLetters()).toMatchObject([
      { operation: 'consent', calendarId: null, accountId, attempts: 2, status: 'open' },
    ]);
  });

  it('is resolved by connecting the account again, and a new dead letter when it is revoked again', async () => {
    await fail(revoked);
    await stack.connect('acme', calendar.google);
    expect(await statuses()).toEqual(['resolved']);
    await fail(revoked);
    expect(await statuses()).toEqual(['resolved', 'open']);
  });

  it('stays closed when discarded, until the account has been connected again', async () => {
    await fail(revoked);
    await discardAll();
    await fail(revoked);
    expect(await statuses()).toEqual(['discarded']);
    await stack.connect('acme', calendar.google);
    await fail(revoked);
    expect(await statuses()).toEqual(['discarded', 'open']);
  });

  it('of a grant that has been replaced since is not held against the new one', async () => {
    const old = grantFingerprint((await account()).refreshToken);
    await stack.connect('acme', calendar.google);
    const state = () =>
      stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId: calendar.id } });
    const before = await state();
    const run = newRun();
    await fail({ ...revoked, grant: old }, run);
    expect(await account()).toMatchObject({ status: 'connected', lastError: null });
    expect(await state()).toEqual(before);
    expect(await deadLetters()).toEqual([]);
    const log = await stack.database.workspaceCalendarSyncLog.findFirstOrThrow({
      where: { runId: run.runId },
    });
    expect(log).toMatchObject({ outcome: 'failed', failureType: FailureType.googleAuthRevoked });

    await fail({ ...revoked, grant: grantFingerprint((await account()).refreshToken) });
    expect((await account()).status).toBe('needs_reconnect');
    expect(await statuses()).toEqual(['open']);
  });
});

it.each(Object.values(FailureType).filter((type) => RETRY_TABLE[type].deadLetter === 'none'))(
  '%s leaves no dead letter',
  async (failureType) => {
    await fail({ failureType });
    expect(await deadLetters()).toEqual([]);
  },
);
