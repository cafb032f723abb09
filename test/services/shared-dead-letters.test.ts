import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { discardDeadLetter, listDeadLetters } from '../../services/dead-letters.ts';
import type { RecordSyncFailureInput } from '../../contracts/sync-activities.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { RETRY_TABLE } from '../../contracts/retry-table.ts';
import { connectCalendar, type ConnectedCalendar } from '../support/connected-calendar.ts';
import { newRun, pullAll, runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;
let acme: ConnectedCalendar;
let globex: ConnectedCalendar;

beforeAll(async () => {
  stack = await startSyncStack();
});
beforeEach(async () => {
  await stack.database.workspace.deleteMany();
  await stack.database.deadLetter.deleteMany();
  acme = await connectCalendar(stack);
  globex = await connectCalendar(stack, { workspaceId: 'globex' });
});
afterAll(() => stack.close());

async function fail(calendar: ConnectedCalendar, input: Partial<RecordSyncFailureInput> = {}): Promise<void> {
  const workspaceId = calendar === acme ? 'acme' : 'globex';
  const run = newRun(workspaceId);
  await runActivity(
    stack.activities.recordSyncFailure,
    {
      workspaceId,
      source: 'schedule',
      correlationId: run.runId,
      runStartedAt: run.runStartedAt,
      calendarId: calendar.id,
      accountId: null,
      mode: 'incremental',
      failureType: FailureType.googleClientRejected,
      ...input,
    },
    { run },
  );
}

async function succeed(calendar: ConnectedCalendar): Promise<void> {
  await pullAll(stack, calendar.id, { run: newRun(calendar === acme ? 'acme' : 'globex') });
}

const deadLetters = () => listDeadLetters(stack.database, { all: true });
const statuses = async () => (await deadLetters()).map(({ status }) => status);
const onAccount = ({ accountId }: ConnectedCalendar) => ({ calendarId: null, accountId });

describe('a failure of the whole installation', () => {
  it.each([FailureType.googleClientRejected, FailureType.tokenUndecryptable])(
    '(%s) is one dead letter, however many workspaces have it at once',
    async (failureType) => {
      expect(RETRY_TABLE[failureType].deadLetter).toBe('installation');
      await Promise.all([acme, globex, acme, globex].map((calendar) => fail(calendar, { failureType })));
      await fail(acme, { failureType, ...onAccount(acme) });
      const [deadLetter, ...others] = await deadLetters();
      expect(others).toEqual([]);
      expect(deadLetter).toMatchObject({ operation: 'access-token', failureType, attempts: 5, calendars: 2 });
      expect(deadLetter).not.toHaveProperty('workspaceId');
      expect(deadLetter).not.toHaveProperty('calendarId');
      expect(await listDeadLetters(stack.database, { workspaceId: 'globex' })).toMatchObject([
        { failureType },
      ]);
    },
  );

  it('is counted once a fan-out, in however many of its runs it shows', async () => {
    for (const calendar of [acme, globex, acme, globex]) await fail(calendar, { correlationId: 'tick-1' });
    expect(await deadLetters()).toMatchObject([{ attempts: 1 }]);
    await fail(acme, { correlationId: 'tick-2' });
    expect(await deadLetters()).toMatchObject([{ attempts: 2 }]);
  });

  it('is over when the last calendar that had it succeeds, and not before', async () => {
    await fail(acme);
    await fail(globex);
    await succeed(acme);
    expect(await statuses()).toEqual(['open']);
    await succeed(globex);
    expect(await statuses()).toEqual(['resolved']);
    await fail(globex);
    expect(await statuses()).toEqual(['resolved', 'open']);
  });

  it('is over when the calendar list of the last account can be read', async () => {
    await fail(acme, onAccount(acme));
    await succeed(globex);
    expect(await statuses()).toEqual(['open']);
    const input = { workspaceId: 'acme', accountId: acme.accountId, correlationId: 'test' };
    await runActivity(stack.activities.refreshCalendarList, input);
    expect(await statuses()).toEqual(['resolved']);
  });

  it('does not wait for a calendar that is not to be polled any more', async () => {
    await fail(acme);
    await fail(globex);
    await stack.database.calendarSyncState.update({
      where: { calendarId: acme.id },
      data: { nextSyncAt: null },
    });
    await succeed(globex);
    expect(await statuses()).toEqual(['resolved']);
  });

  it('that was discarded stays closed until no workspace has it', async () => {
    await fail(acme);
    await fail(globex);
    await discardDeadLetter(stack.database, (await deadLetters())[0]!.id);
    await succeed(acme);
    await fail(acme);
    expect(await statuses()).toEqual(['discarded']);
    await succeed(acme);
    await succeed(globex);
    await fail(acme);
    await fail(globex);
    expect(await deadLetters()).toMatchObject([{ status: 'discarded' }, { status: 'open', attempts: 2 }]);
  });
});
