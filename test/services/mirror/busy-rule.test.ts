import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareSources } from '../../../services/verification/compare-sources.ts';
import { readExpansionTarget } from '../../../services/mirror/expansion-target.ts';
import { blocksTime, type BusyPolicy, COUNTS, POLICY_TRAITS } from '../../../calendar/busy.ts';
import type { GoogleEvent } from '../../../calendar/google-event.ts';
import { changeCalendar, listCalendars } from '../../../services/calendars.ts';
import { BusyError } from '../../../services/errors.ts';
import { setPolicy } from '../../../services/planning/policy.ts';
import { signIn } from '../../support/emulator/start.ts';
import { connectCalendar, type ConnectedCalendar } from '../../support/connected-calendar.ts';
import { calendarRow } from '../../support/mirror.ts';
import { randomEvents } from '../../support/random-events.ts';
import { pullAll, runActivity } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

const DAY_MS = 86_400_000;
const firstDay = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + 10 * DAY_MS);
const day = (number: number) => new Date(firstDay.getTime() + number * DAY_MS).toISOString().slice(0, 10);
const allDay = (number: number, more = {}) => ({
  summary: 'All day',
  start: { date: day(number) },
  end: { date: day(number + 1) },
  ...more,
});

let stack: SyncStack;
beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());

let worlds = 0;
async function world(): Promise<ConnectedCalendar & { workspaceId: string }> {
  const workspaceId = `ws-${(worlds += 1)}`;
  return { ...(await connectCalendar(stack, { workspaceId })), workspaceId };
}

const refresh = ({ workspaceId, accountId }: { workspaceId: string; accountId: string }) =>
  runActivity(stack.activities.refreshCalendarList, { workspaceId, accountId, correlationId: 'c' });
const rows = (calendarId: string) =>
  stack.database.workspaceCalendarEvent.findMany({ where: { calendarId } });
const flags = async (calendarId: string) => (await rows(calendarId)).map(({ busy }) => busy);

/** Sources whose stored occurrences are not what the stored events expand to now. */
const drift = (calendarId: string) =>
  stack.database.$transaction(async (transaction) => {
    const target = await readExpansionTarget(transaction, calendarId);
    const ids = (await rows(calendarId)).map(({ sourceEventId }) => sourceEventId);
    return compareSources(transaction, target, [...new Set(ids)]);
  });

const ALL_POLICIES: BusyPolicy[] = Array.from(
  { length: 2 ** POLICY_TRAITS.length },
  (_, index) =>
    Object.fromEntries(
      POLICY_TRAITS.map((trait, bit) => [trait, COUNTS[(index >> bit) & 1]]),
    ) as unknown as BusyPolicy,
);

describe('busy time of the mirror', () => {
  /** Merged, as instants. All-day events run from midnight to midnight in the zone of the calendar. */
  async function mirroredBusy(calendarId: string): Promise<string[][]> {
    const spans = await stack.database.$queryRaw<{ start: Date; end: Date }[]>`
      select lower(span) as start, upper(span) as end from (
        select unnest(range_agg(tstzrange(
          coalesce(start_at, start_date::timestamp at time zone 'Europe/Berlin'),
          coalesce(end_at, end_date::timestamp at time zone 'Europe/Berlin')))) as span
        from workspace_calendar_events where calendar_id = ${calendarId}::uuid and busy) spans
      order by 1`;
    return spans.map(({ start, end }) => [start.toISOString(), end.toISOString()]);
  }

  async function freeBusy(email: string): Promise<string[][]> {
    const { refreshToken } = await stack.google.createUser({ email, timeZone: 'Europe/Berlin' });
    const { api } = signIn(stack.environment['GOOGLE_API_ROOT_URL']!, refreshToken);
    const { data } = await api.freebusy.query({
      requestBody: {
        timeMin: `${day(-3)}T00:00:00Z`,
        timeMax: `${day(60)}T00:00:00Z`,
        items: [{ id: email }],
      },
    });
    const busy = data.calendars?.[email]?.busy ?? [];
    return busy.map(({ start, end }) => [new Date(start!).toISOString(), new Date(end!).toISOString()]);
  }

  it.each([1, 2, 3, 4, 5])(
    'is what freeBusy says of a calendar that the account owns, with random events (seed %i)',
    async (seed) => {
      const { id, google, workspaceId } = await world();
      for (const event of randomEvents(google, firstDay, 25, seed))
        await stack.google.insertEvent(google, event);
      const series = await stack.google.insertEvent(google, {
        ...allDay(14),
        recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'],
      });
      const occurrence = `${series.id}_${day(21).replaceAll('-', '')}`;
      await stack.google.patchEvent(google, occurrence, { transparency: 'transparent' });
      await pullAll(stack, id, { workspaceId });
      const told = await freeBusy(google);
      expect(told.length).toBeGreaterThan(3);
      expect(await mirroredBusy(id)).toEqual(told);
    },
  );

  it('follows every policy at once, as the rule for a single event does, and verifies', async () => {
    const { id, google, workspaceId } = await world();
    for (const event of randomEvents(google, firstDay, 120, 21))
      await stack.google.insertEvent(google, event);
    await pullAll(stack, id, { workspaceId });
    const stored = await stack.database.calendarEvent.findMany({ where: { calendarId: id } });
    for (const policy of ALL_POLICIES) {
      await setPolicy(stack.database, workspaceId, policy);
      const busy = new Map((await rows(id)).map((row) => [row.googleEventId, row.busy]));
      expect(busy.size).toBe(stored.length);
      const wrong = stored.filter(
        ({ googleEventId, resource }) =>
          busy.get(googleEventId) !== blocksTime(resource as unknown as GoogleEvent, policy),
      );
      expect(wrong).toEqual([]);
      expect(await drift(id)).toEqual([]);
    }
  });

  it('is under the policy what a later page, the next horizon and a rebuild write', async () => {
    const { id, google, workspaceId } = await world();
    await setPolicy(stack.database, workspaceId, { allDay: 'free' });
    await stack.google.insertEvent(google, allDay(1));
    await stack.google.insertEvent(google, allDay(2, { eventType: 'outOfOffice' }));
    await pullAll(stack, id, { workspaceId });
    const busy = (await rows(id)).filter((row) => row.busy).map(({ startDate }) => startDate);
    expect(busy).toEqual([new Date(day(2))]);
    expect(await drift(id)).toEqual([]);
  });

  it('is not stale where the policy changes while a page is being committed', async () => {
    const { id, google, workspaceId } = await world();
    await stack.google.insertEvent(google, allDay(1));
    await pullAll(stack, id, { workspaceId });
    await stack.google.insertEvent(google, allDay(2));

    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let locked = () => {};
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    // A commit appends to the change log when it has written its occurrences.
    const holder = stack.database.$transaction(
      async (transaction) => {
        await transaction.$queryRaw`
          select 1 from calendar_change_positions where workspace_id = ${workspaceId} for update`;
        locked();
        await released;
      },
      { timeout: 20_000 },
    );
    await isLocked;
    const pull = pullAll(stack, id, { workspaceId });
    await waitForLocks(1);
    const change = setPolicy(stack.database, workspaceId, { allDay: 'free' });
    await Promise.race([change, waitForLocks(2)]);
    release();
    await Promise.all([holder, pull, change]);
    expect(await flags(id)).toEqual([false, false]);
  });

  it(
    'refuses to wait for a long rebuild, and then changes nothing',
    { tags: ['slow'], timeout: 60_000 },
    async () => {
      const { id, google, workspaceId } = await world();
      await stack.google.insertEvent(google, allDay(1));
      await pullAll(stack, id, { workspaceId });
      await stack.database.$transaction(
        async (transaction) => {
          await transaction.$queryRaw`
          select 1 from calendar_sync_states where calendar_id = ${id}::uuid for update`;
          await expect(changeCalendar(stack.database, id, { takesTime: false })).rejects.toThrow(BusyError);
        },
        { timeout: 40_000 },
      );
      expect(await flags(id)).toEqual([true]);
    },
  );
});

/** A few seconds. */
const MOST_LOOKS = 300;

/** Waits until that many statements wait for a lock. */
async function waitForLocks(count: number): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const [row] = await stack.database.$queryRaw<{ waiting: number }[]>`
      select count(distinct pid)::int as waiting from pg_locks
      where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`;
    if ((row?.waiting ?? 0) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a calendar', () => {
  async function shared(role: 'reader' | 'writer' | 'owner') {
    const ada = await world();
    const bob = `bob-${worlds}@example.com`;
    await stack.google.createUser({ email: bob, timeZone: 'Europe/Berlin' });
    await stack.google.setAccessRole(ada.google, bob, role);
    await stack.google.insertEvent(bob, allDay(1));
    await refresh(ada);
    const { id } = await calendarRow(stack, bob);
    await pullAll(stack, id, { workspaceId: ada.workspaceId });
    return { ...ada, bob, id };
  }

  it.each([
    ['reader', false],
    ['writer', false],
    ['owner', true],
  ] as const)('of which the account is %s takes up time by default: %s', async (role, takesTime) => {
    const { id, workspaceId } = await shared(role);
    const listed = await listCalendars(stack.database, workspaceId);
    expect(listed.find((calendar) => calendar.id === id)).toMatchObject({
      takesTime,
      takesTimeChosen: false,
    });
    expect(listed.find(({ primary }) => primary)).toMatchObject({ takesTime: true });
    expect(await flags(id)).toEqual([takesTime]);
  });

  it('takes up time when a person says so, until they take it back', async () => {
    const { id, bob, workspaceId } = await shared('reader');
    expect(await changeCalendar(stack.database, id, { takesTime: true })).toMatchObject({
      takesTime: true,
      takesTimeChosen: true,
    });
    expect(await flags(id)).toEqual([true]);
    await stack.google.insertEvent(bob, allDay(2));
    await pullAll(stack, id, { workspaceId });
    expect(await flags(id)).toEqual([true, true]);
    expect(await changeCalendar(stack.database, id, { takesTime: null })).toMatchObject({
      takesTime: false,
      takesTimeChosen: false,
    });
    expect(await flags(id)).toEqual([false, false]);
    expect(await drift(id)).toEqual([]);
  });

  it('follows the role of the account, and a choice of the person does not', async () => {
    const first = await shared('owner');
    const second = await shared('owner');
    await changeCalendar(stack.database, second.id, { takesTime: true });
    for (const { google, bob, ...account } of [first, second]) {
      await stack.google.setAccessRole(google, bob, 'reader');
      await refresh(account);
    }
    expect([await flags(first.id), await flags(second.id)]).toEqual([[false], [true]]);
    await stack.google.setAccessRole(first.google, first.bob, 'owner');
    await refresh(first);
    expect(await flags(first.id)).toEqual([true]);
  });

  it('writes nothing to the change log when it stops to take up time', async () => {
    const { id, workspaceId } = await shared('owner');
    const before = await stack.database.calendarChange.count({ where: { workspaceId } });
    await changeCalendar(stack.database, id, { takesTime: false });
    await setPolicy(stack.database, workspaceId, { allDay: 'free' });
    expect(await stack.database.calendarChange.count({ where: { workspaceId } })).toBe(before);
  });
});
