import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

const monday = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
const day = (index: number) => new Date(Date.parse(monday) + index * 86_400_000).toISOString().slice(0, 10);
const at = (index: number, hour: string) => ({ dateTime: `${day(index)}T${hour}:00:00Z`, timeZone: 'UTC' });

function series(id: string, count: number): Item {
  const recurrence = [`RRULE:FREQ=DAILY;COUNT=${count}`];
  return versioned({ id, status: 'confirmed', recurrence, start: at(0, '08'), end: at(0, '09') });
}

function exception(id: string, index: number, hour: string | null): Item {
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
}

const seriesId = fc.constantFrom('s', 't');
const item: fc.Arbitrary<Item> = fc.oneof(
  fc.tuple(seriesId, fc.constantFrom(2, 4)).map(([id, count]) => series(id, count)),
  seriesId.map((id) => versioned({ id, status: 'cancelled' })),
  seriesId.map((id) => versioned({ id, status: 'confirmed', recurrence: 7 })),
  fc
    .tuple(seriesId, fc.nat(3), fc.constantFrom('10', '11', null))
    .map(([id, index, hour]) => exception(id, index, hour)),
  fc
    .constantFrom('12', '13')
    .map((hour) => versioned({ id: 'single', status: 'confirmed', start: at(1, hour), end: at(1, '20') })),
  fc.constant(versioned({ id: 'single', status: 'cancelled' })),
);

async function mirrorOf(calendarId: string) {
  const [events, occurrences] = await Promise.all([
    stack.database.calendarEvent.findMany({ where: { calendarId }, orderBy: { googleEventId: 'asc' } }),
    stack.database.workspaceCalendarEvent.findMany({
      where: { calendarId },
      orderBy: [{ sourceEventId: 'asc' }, { googleEventId: 'asc' }, { startAt: 'asc' }],
    }),
  ]);
  return {
    events: events.map((row) => ({ ...row, calendarId: '', syncedAt: null })),
    occurrences: occurrences.map((row) => ({ ...row, id: '', calendarId: '' })),
  };
}

function cutAt(items: Item[], cuts: readonly number[]): Item[][] {
  const places = [...new Set(cuts.map((cut) => cut % (items.length + 1)))].toSorted((a, b) => a - b);
  const edges = [0, ...places, items.length];
  return edges.slice(1).map((end, index) => items.slice(edges[index], end));
}

it('gives the same mirror wherever the items of an increment are cut into pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { maxLength: 6 }),
      fc.array(item, { minLength: 1, maxLength: 7 }),
      fc.array(fc.nat(), { maxLength: 3 }),
      async (before, items, cuts) => {
        const mirrors = [];
        for (const pages of [[items], items.map((one) => [one]), cutAt(items, cuts)]) {
          const calendarId = await addCalendar(stack, accountId);
          await commitPages(stack, calendarId, 'full', [before]);
          await commitPages(stack, calendarId, 'incremental', pages);
          mirrors.push(await mirrorOf(calendarId));
        }
        expect(mirrors[1]).toEqual(mirrors[0]);
        expect(mirrors[2]).toEqual(mirrors[0]);
      },
    ),
    { numRuns: Number(process.env.ALMANAC_PROPERTY_RUNS ?? 60) },
  );
}, 120_000);

it.each([1, 2])(
  'shows an occurrence that the page confirms while its series goes: %i page(s)',
  async (pages) => {
    const confirmed = exception('s', 1, '10');
    const gone = versioned({ id: 's', status: 'cancelled' });
    for (const items of [
      [gone, confirmed],
      [confirmed, gone],
    ]) {
      const calendarId = await addCalendar(stack, accountId);
      await commitPages(stack, calendarId, 'full', [[series('s', 4), exception('s', 2, '11')]]);
      await commitPages(stack, calendarId, 'incremental', pages === 1 ? [items] : items.map((one) => [one]));
      const { events, occurrences } = await mirrorOf(calendarId);
      expect(events.map(({ googleEventId }) => googleEventId)).toEqual([confirmed.id]);
      expect(occurrences.map(({ startAt }) => startAt?.toISOString())).toEqual([`${day(1)}T10:00:00.000Z`]);
    }
  },
);

it('keeps what it has of an item that cannot be read, in an increment and in a full listing', async () => {
  const calendarId = await addCalendar(stack, accountId);
  await commitPages(stack, calendarId, 'full', [[series('s', 4), exception('s', 1, '10')]]);
  const before = await mirrorOf(calendarId);
  const broken = { ...series('s', 4), etag: '"broken"', recurrence: 7 };
  await commitPages(stack, calendarId, 'incremental', [[broken]]);
  expect(await mirrorOf(calendarId)).toEqual(before);
  await commitPages(stack, calendarId, 'full', [[broken], [exception('s', 1, '10')]]);
  expect(await mirrorOf(calendarId)).toEqual(before);
});

it('takes an event whose minor fields have the wrong type', async () => {
  const calendarId = await addCalendar(stack, accountId);
  const event = { id: 'a', status: 'confirmed', start: at(0, '08'), end: at(0, '09'), sequence: '3' };
  await commitPages(stack, calendarId, 'full', [
    [{ ...event, extendedProperties: { private: { level: 5 } } }],
  ]);
  const { events } = await mirrorOf(calendarId);
  expect(events[0]?.resource).toMatchObject({
    sequence: 3,
    extendedProperties: { private: { level: '5' } },
  });
});
