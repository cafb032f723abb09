import { expect, it } from 'vitest';
import type { SyncRequest } from '../../../contracts/sync.ts';
import { modeAskedFor, namesItsCalendars } from '../../../workflows/sync-requests.ts';

const everything: SyncRequest = { mode: 'incremental' };
const oneFully: SyncRequest = { mode: 'full', calendarIds: ['one'] };

it('wants every calendar where none is named', () => {
  expect(modeAskedFor([everything], 'one')).toBe('incremental');
});

it('wants only the named calendars', () => {
  expect(modeAskedFor([oneFully], 'one')).toBe('full');
  expect(modeAskedFor([oneFully], 'two')).toBeNull();
  expect(modeAskedFor([], 'one')).toBeNull();
});

it.each([[[everything, oneFully]], [[oneFully, everything]]])(
  'syncs fully what any request wants fully: %j',
  (requests) => {
    expect(modeAskedFor(requests, 'one')).toBe('full');
    expect(modeAskedFor(requests, 'two')).toBe('incremental');
  },
);

it('tells a request that names its calendars from one that does not', () => {
  expect(namesItsCalendars(oneFully)).toBe(true);
  expect(namesItsCalendars(everything)).toBe(false);
  // As a client in another language writes it.
  expect(namesItsCalendars(JSON.parse('{"mode":"full","calendarIds":null}'))).toBe(false);
});
