import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runActivity } from '../../support/run-activity.ts';
import { InvalidInputError, MomentNotKeptError } from '../../../services/errors.ts';
import { listEvents, type Occurrence } from '../../../services/reading/list-occurrences.ts';
import { listPastEvents } from '../../../services/time-travel/list-past-events.ts';
import { addCalendar, commitPages, type Item, versioned } from '../../support/commit-pages.ts';
import { connectCalendar } from '../../support/connected-calendar.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

const DAYS = 30;

let stack: SyncStack;
let accountId: string;

beforeAll(async () => {
  stack = await startSyncStack();
  ({ accountId } = await connectCalendar(stack));
});
afterAll(() => stack.close());

const day = (index: number) => new Date(Date.now() + (7 + index) * 86_400_000).toISOString().slice(0, 10);
const at = (index: number, hour: string) => ({ dateTime: `${day(index)}T${hour}:00:00Z`, timeZone: 'UTC' });
const range = { from: day(0), to: day(5) };

const single = (id: string, index: number, hour: string, summary = id): Item =>
  versioned({ id, status: 'confirmed', summary, start: at(index, hour), end: at(index, '23') });
const allDay = (id: string, index: number): Item =>
  versioned({ id, status: 'confirmed', start: { date: day(index) }, end: { date: day(index + 1) } });
const gone = (id: string): Item => versioned({ id, status: 'cancelled' });
const series = (id: string, count: number, summary = id): Item =>
  versioned({
    id,
    status: 'confirmed',
    summary,
    recurrence: [`RRULE:FREQ=DAILY;COUNT=${count}`],
    start: at(0, '08'),
    end: at(0, '09'),
  });
const exception = (id: string, index: number, hour: string | null): Item => {
  const named = {
    id: `${id}_${day(index).replaceAll('-', '')}T080000Z`,
    recurringEventId: id,
    originalStartTime: at(index, '08'),
  };
  return versioned(
    hour === null
      ? { ...named, status: 'cancelled' }
      : { ...named, status: 'confirmed', start: at(index, hour), end: at(index, '20') },
  );
};

const seriesId = fc.constantFrom('s', 't');
const item: fc.Arbitrary<Item> = fc.oneof(
  fc.tuple(seriesId, fc.constantFrom(2, 4, 9)).map(([id, count]) => series(id, count)),
  seriesId.map(gone),
  fc
    .tuple(seriesId, fc.nat(8), fc.constantFrom('10', '11', null))
    .map(([id, index, hour]) => exception(id, index, hour)),
  fc.tuple(fc.nat(8), fc.constantFrom('12', '13')).map(([index, hour]) => single('single', index, hour)),
  fc.nat(8).map((index) => allDay('day', index)),
  fc.constantFrom('single', 'day').map(gone),
);

/** Waits out the millisecond, which is what a moment is accurate to. */
async function now(): Promise<string> {
  const [row] = await stack.database.$queryRaw<{ at: Date }[]>`
    select pg_sleep(0.003)::text, clock_timestamp()::timestamptz(3) as at`;
  await stack.database.$queryRaw`select pg_sleep(0.003)::text`;
  return row!.at.toISOString();
}

const present = async (calendarId: string): Promise<Occurrence[]> =>
  (await listEvents(stack.database, { workspaceId: 'acme', calendarIds: [calendarId], ...range })).events;

async function pastAt(calendarId: string, asOf: string, pageSize = 3) {
  const request = { workspaceId: 'acme', calendarIds: [calendarId], ...range, asOf, limit: pageSize };
  const first = await listPastEvents(stack.database, request, DAYS);
  const events = [...first.events];
  for (let after = first.cursor; after !== undefined;) {
    const next = await listPastEvents(stack.database, { ...request, after }, DAYS);
    events.push(...next.events);
    after = next.cursor;
  }
  return { events, ...first.past };
}

describe('a past moment', () => {
  it(
    'shows what the list showed then, after any edits, and how it differs from now',
    { tags: ['slow'] },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(item, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 6 }),
          async (commits) => {
            const calendarId = await addCalendar(stack, accountId);
            const seen: { asOf: string; events: Occurrence[] }[] = [];
            for (const [index, items] of commits.entries()) {
              const latest = [...new Map(items.map((one) => [one.id, one])).values()];
              await commitPages(stack, calendarId, index === 0 ? 'full' : 'incremental', [latest]);
              seen.push({ asOf: await now(), events: await present(calendarId) });
            }
            const today = new Map((seen.at(-1)?.events ?? []).map((event) => [event.id, event]));
            for (const { asOf, events } of seen) {
              const shownNow = await pastAt(calendarId, asOf);
              expect(shownNow.events).toEqual(events);
              const earlier = new Map(events.map((event) => [event.id, event]));
              const shown = ({ title, start, end, status, busy }: Occurrence) => ({
                title,
                start,
                end,
                status,
                busy,
              });
              const differing = [...new Set([...earlier.keys(), ...today.keys()])].filter((id) => {
                const [past, after] = [earlier.get(id), today.get(id)];
                return !past || !after || JSON.stringify(shown(past)) !== JSON.stringify(shown(after));
              });
              const differences = shownNow.differences ?? [];
              expect(new Set(differences.map(({ before: past, now: after }) => (past ?? after)?.id))).toEqual(
                new Set(differing),
              );
              for (const { kind, before } of differences) {
                if (kind === 'added') expect(before).toBeNull();
                else expect(before).toEqual(earlier.get(before!.id));
              }
            }
          },
        ),
        { numRuns: Number(process.env.ALMANAC_PROPERTY_RUNS ?? 25) },
      );
    },
  );

  it('names what was added, moved, changed and removed since', async () => {
    const calendarId = await addCalendar(stack, accountId);
    await commitPages(stack, calendarId, 'full', [
      [
        single('kept', 0, '10'),
        single('moved', 0, '11'),
        single('renamed', 0, '12'),
        single('gone', 0, '13'),
        single('left', 0, '14'),
      ],
    ]);
    const asOf = await now();
    await commitPages(stack, calendarId, 'incremental', [
      [
        single('moved', 1, '11'),
        single('renamed', 0, '12', 'New'),
        gone('gone'),
        single('left', 20, '14'),
        single('new', 2, '10'),
      ],
    ]);
    const { events, differences } = await pastAt(calendarId, asOf);
    expect(events.map(({ googleEventId }) => googleEventId)).toEqual([
      'kept',
      'moved',
      'renamed',
      'gone',
      'left',
    ]);
    const named = (differences ?? []).map(({ kind, before, now: after }) => [
      kind,
      (before ?? after)?.googleEventId,
    ]);
    expect(named).toEqual([
      ['moved', 'moved'],
      ['changed', 'renamed'],
      ['removed', 'gone'],
      ['moved', 'left'],
      ['added', 'new'],
    ]);
    expect(differences?.[3]?.now?.start).toBe(`${day(20)}T14:00:00Z`);
  });

  it('is refused in the future, before the retention, and where changes were compacted', async () => {
    const calendarId = await addCalendar(stack, accountId);
    const askFor = (asOf: Date) => pastAt(calendarId, asOf.toISOString());
    for (const malformed of ['P', 'PT', '-P1D', 'P1Y', 'yesterday', '1h'])
      await expect(pastAt(calendarId, malformed)).rejects.toThrow(InvalidInputError);
    await expect(pastAt(calendarId, `P${DAYS + 1}D`)).rejects.toThrow(MomentNotKeptError);
    await expect(askFor(new Date(Date.now() + 60_000))).rejects.toThrow(InvalidInputError);
    await expect(askFor(new Date(Date.now() - (DAYS + 1) * 86_400_000))).rejects.toThrow(MomentNotKeptError);

    await commitPages(stack, calendarId, 'full', [[single('a', 0, '10')]]);
    await commitPages(stack, calendarId, 'incremental', [[single('a', 0, '11')]]);
    await stack.database.$executeRaw`
      update calendar_changes set changed_at = changed_at - interval '20 days' where workspace_id = 'acme'`;
    const between = new Date(Date.now() - 25 * 86_400_000);
    expect((await askFor(between)).events).toEqual([]);
    expect((await pastAt(calendarId, 'P25DT1H')).events).toEqual([]);
    expect((await pastAt(calendarId, 'PT0S')).events).toHaveLength(1);
    stack.clock.now = new Date(Date.now() + 15 * 86_400_000);
    await runActivity(stack.activities.deleteExpired, { subject: 'change-log' as const });
    stack.clock.now = null;
    await expect(askFor(between)).rejects.toThrow(MomentNotKeptError);
    expect((await askFor(new Date(Date.now() - 10 * 86_400_000))).events).toHaveLength(1);
  });

  it('names calendars whose content was purged since', async () => {
    const calendarId = await addCalendar(stack, accountId);
    await commitPages(stack, calendarId, 'full', [[single('a', 0, '10')]]);
    const asOf = await now();
    await commitPages(stack, calendarId, 'incremental', [[gone('a')]]);
    await stack.database.$executeRaw`
      update calendar_changes set resource = null, kind = null where calendar_id = ${calendarId}::uuid`;
    expect(await pastAt(calendarId, asOf)).toMatchObject({ events: [], purgedCalendarIds: [calendarId] });
  });
});
