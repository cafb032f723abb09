import { expect, it } from 'vitest';
import type { SyncRequest } from '../../../contracts/sync.ts';
import { namedRequests, SyncRequests } from '../../../workflows/sync-requests.ts';

const everything: SyncRequest = { mode: 'incremental' };
const oneFully: SyncRequest = { mode: 'full', calendarIds: ['one'] };

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const uuids = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => uuid(from + index));

it('wants every calendar where none is named', () => {
  expect(new SyncRequests([everything]).modeFor('one')).toBe('incremental');
});

it('wants only the named calendars', () => {
  expect(new SyncRequests([oneFully]).modeFor('one')).toBe('full');
  expect(new SyncRequests([oneFully]).modeFor('two')).toBeNull();
  expect(new SyncRequests([]).modeFor('one')).toBeNull();
});

it.each([[[everything, oneFully]], [[oneFully, everything]]])(
  'syncs fully what any request wants fully: %j',
  (requests) => {
    const asked = new SyncRequests(requests);
    expect(asked.modeFor('one')).toBe('full');
    expect(asked.modeFor('two')).toBe('incremental');
  },
);

it('tells requests that name their calendars from one that does not', () => {
  expect(new SyncRequests([oneFully]).namesItsCalendars).toBe(true);
  expect(new SyncRequests([oneFully, everything]).namesItsCalendars).toBe(false);
  // As a client in another language writes it.
  const written = JSON.parse('{"mode":"full","calendarIds":null}') as SyncRequest;
  expect(new SyncRequests([written]).namesItsCalendars).toBe(false);
});

it('knows a calendar in upper case, too', () => {
  const id = 'ABCDEF00-0000-4000-8000-000000000001';
  const asked = new SyncRequests([{ mode: 'full', calendarIds: [id, id.toLowerCase()] }]);
  expect(asked.toList()).toEqual([{ mode: 'full', calendarIds: [id.toLowerCase()] }]);
});

it('takes no more memory for ten thousand requests than for one', () => {
  const asked = new SyncRequests();
  const request: SyncRequest = { mode: 'incremental', calendarIds: Array(1_000).fill(uuid(1)) as string[] };
  for (let count = 0; count < 10_000; count += 1) asked.ask(count === 5_000 ? oneFully : request);
  expect(asked.toList()).toEqual([
    { mode: 'full', calendarIds: ['one'] },
    { mode: 'incremental', calendarIds: [uuid(1)] },
  ]);
});

it('means all calendars when more are named from outside than a workspace is believed to have', () => {
  const asked = new SyncRequests();
  asked.ask({ mode: 'incremental', calendarIds: uuids(0, 1_000) });
  expect(asked.namesItsCalendars).toBe(true);
  asked.ask({ mode: 'full', calendarIds: [uuid(1_000)] });
  expect(asked.toList()).toEqual([{ mode: 'full' }]);
});

it('hands all of a bigger workspace on by name', () => {
  const handedOn = namedRequests(new Map(uuids(0, 2_500).map((id) => [id, 'incremental'])));
  expect(handedOn.map(({ calendarIds }) => calendarIds?.length)).toEqual([1_000, 1_000, 500]);
  const resumed = new SyncRequests(handedOn);
  expect(resumed.namesItsCalendars).toBe(true);
  expect(resumed.modeFor(uuid(2_499))).toBe('incremental');
});

it('is empty when it has been taken', () => {
  const asked = new SyncRequests([everything]);
  expect(asked.take().modeFor('one')).toBe('incremental');
  expect(asked.isEmpty).toBe(true);
});
