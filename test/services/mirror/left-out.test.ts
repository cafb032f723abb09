import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readWorkspaceStatus } from '../../../services/reading/status.ts';
import { readCalendarNumbers } from '../../../worker/calendar-numbers.ts';
import { addCalendar, commitPages, type Item, versioned } from '../../support/commit-pages.ts';
import { connectCalendar } from '../../support/connected-calendar.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

let stack: SyncStack;
let accountId: string;

beforeAll(async () => {
  stack = await startSyncStack();
  ({ accountId } = await connectCalendar(stack));
});
afterAll(() => stack.close());
afterEach(async () => {
  await stack.database.calendar.deleteMany();
});

const day = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
const hour = (text: string) => ({ dateTime: `${day}T${text}:00:00Z`, timeZone: 'UTC' });

function event(id: string, more: Record<string, unknown> = {}): Item {
  return versioned({ id, status: 'confirmed', start: hour('08'), end: hour('09'), ...more });
}

/** An item of a type that Google's reference rules out. */
const broken = (id: string) => event(id, { recurrence: 7 });

async function statusOf(calendarId: string) {
  const { poll } = stack.dependencies;
  const { calendars } = await readWorkspaceStatus(stack.database, 'acme', { poll });
  return calendars.find(({ id }) => id === calendarId);
}

async function numbers() {
  await stack.database.$executeRaw`delete from calendar_numbers`;
  const { database, poll } = stack.dependencies;
  return (await readCalendarNumbers({ database, poll }))?.numbers;
}

const shown = (calendarId: string) => stack.database.workspaceCalendarEvent.count({ where: { calendarId } });

describe('an event that cannot be read', () => {
  it('keeps what was stored of it, is counted, and makes its calendar degraded until it can be read', async () => {
    const calendarId = await addCalendar(stack, accountId);
    await commitPages(stack, calendarId, 'full', [[event('one'), event('two')]]);
    expect(await statusOf(calendarId)).toMatchObject({ health: 'healthy', unreadable: 0 });

    await commitPages(stack, calendarId, 'incremental', [[broken('one'), broken('new')]]);
    expect(await shown(calendarId)).toBe(2);
    expect(await statusOf(calendarId)).toMatchObject({
      health: 'degraded',
      reason: { code: 'left-out', message: expect.stringContaining('2 unreadable events') as string },
      unreadable: 2,
    });
    expect(await numbers()).toMatchObject({ byHealth: { degraded: 1 }, unreadable: 2, tooCostly: 0 });

    await commitPages(stack, calendarId, 'incremental', [[event('one', { summary: 'Mended' })]]);
    expect(await statusOf(calendarId)).toMatchObject({ unreadable: 1 });
    await commitPages(stack, calendarId, 'incremental', [[{ id: 'new', status: 'cancelled' }]]);
    expect(await statusOf(calendarId)).toMatchObject({ health: 'healthy', unreadable: 0 });
  });

  it('is counted once, whatever pages name it', async () => {
    const calendarId = await addCalendar(stack, accountId);
    await commitPages(stack, calendarId, 'full', [[broken('one')], [broken('one'), broken('two')]]);
    expect(await statusOf(calendarId)).toMatchObject({ unreadable: 2 });
    await commitPages(stack, calendarId, 'incremental', [[broken('one')], [event('one')]]);
    expect(await statusOf(calendarId)).toMatchObject({ unreadable: 1 });
  });

  it('is not counted any more when a full listing does not name it', async () => {
    const calendarId = await addCalendar(stack, accountId);
    await commitPages(stack, calendarId, 'full', [[event('one'), broken('two')]]);
    await commitPages(stack, calendarId, 'incremental', [[broken('three')]]);
    expect(await statusOf(calendarId)).toMatchObject({ unreadable: 2 });
    await commitPages(stack, calendarId, 'full', [[event('one')], [broken('three')]]);
    expect(await statusOf(calendarId)).toMatchObject({ unreadable: 1 });
  });

  it('is counted up to a thousand', async () => {
    const calendarId = await addCalendar(stack, accountId);
    const many = Array.from({ length: 1_200 }, (_, index) => broken(`broken-${index}`));
    await commitPages(stack, calendarId, 'full', [many]);
    expect(await statusOf(calendarId)).toMatchObject({ unreadable: 1_000 });
  });
});

describe('a series that costs too much', () => {
  const everyMinute = event('costly', { recurrence: ['RRULE:FREQ=MINUTELY'] });

  it('shows its first occurrence, is counted, and makes its calendar degraded until it costs less', async () => {
    const calendarId = await addCalendar(stack, accountId);
    const ordinary = event('ordinary', { recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] });
    await commitPages(stack, calendarId, 'full', [[ordinary, everyMinute]]);
    expect(await shown(calendarId)).toBe(4);
    expect(await statusOf(calendarId)).toMatchObject({
      health: 'degraded',
      reason: { code: 'left-out', message: expect.stringContaining('1 series') as string },
      tooCostly: 1,
    });
    expect(await numbers()).toMatchObject({ unreadable: 0, tooCostly: 1 });

    const mended = event('costly', { recurrence: ['RRULE:FREQ=HOURLY;COUNT=5'] });
    await commitPages(stack, calendarId, 'incremental', [[mended]]);
    expect(await shown(calendarId)).toBe(8);
    expect(await statusOf(calendarId)).toMatchObject({ health: 'healthy', tooCostly: 0 });
  });

  it('is not counted any more when it is deleted', async () => {
    const calendarId = await addCalendar(stack, accountId);
    await commitPages(stack, calendarId, 'full', [[everyMinute]]);
    await commitPages(stack, calendarId, 'incremental', [[{ id: 'costly', status: 'cancelled' }]]);
    expect(await statusOf(calendarId)).toMatchObject({ health: 'healthy', tooCostly: 0 });
  });
});
