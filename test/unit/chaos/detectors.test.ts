import { describe, expect, it } from 'vitest';
import { CANARY, findLeaks, secretsOf } from '../../chaos/canary.ts';
import { differingFields, isStoredAsSent, setDifferences } from '../../chaos/comparison.ts';
import { checkWrites, type WriteFacts } from '../../chaos/check-writes.ts';
import { Dice } from '../../chaos/dice.ts';
import { type ChaosReport, isClean } from '../../chaos/report.ts';
import { Tally } from '../../chaos/tally.ts';
import {
  type JournalEntry,
  mailsIfTold,
  mailsOf,
  type OwnedEvent,
  type Told,
} from '../../chaos/write-journal.ts';

describe('the comparison of chaos runs', () => {
  it('tells what is missing, what is too much, and what is there twice', () => {
    expect(setDifferences(['a', 'b'], ['b', 'a'])).toEqual([]);
    expect(setDifferences(['a', 'b'], ['b', 'c'])).toEqual([
      { how: 'missing', item: 'a' },
      { how: 'surplus', item: 'c' },
    ]);
    expect(setDifferences(['a'], ['a', 'a'])).toEqual([{ how: 'surplus', item: 'a' }]);
  });

  it('holds every field that is stored against what was sent, however deep', () => {
    const sent = {
      id: 'a',
      start: { dateTime: '2026-01-05T09:00:00Z' },
      attendees: [{ self: true, email: 'x' }],
    };
    expect(isStoredAsSent({ id: 'a', attendees: [{ self: true }] }, sent)).toBe(true);
    expect(isStoredAsSent({ start: { dateTime: '2026-01-05T10:00:00Z' } }, sent)).toBe(false);
    expect(isStoredAsSent({ attendees: [] }, sent)).toBe(false);
    expect(isStoredAsSent({ location: 'here' }, sent)).toBe(false);
  });

  it('misses what was sent and is not stored, and looks at the columns beside', () => {
    const item = {
      id: 'a',
      etag: '"1"',
      status: 'confirmed',
      description: 'notes',
      start: { dateTime: '2026-01-05T10:00:00+01:00' },
      end: { dateTime: '2026-01-05T11:00:00+01:00' },
    };
    const row = {
      status: 'confirmed',
      etag: '"1"',
      seriesId: null,
      startAt: new Date('2026-01-05T09:00:00Z'),
      startDate: null,
      endAt: new Date('2026-01-05T10:00:00Z'),
      endDate: null,
      resource: item,
    };
    expect(differingFields(row, item)).toEqual([]);
    const { description: _lost, ...rest } = item;
    expect(differingFields({ ...row, resource: rest }, item)).toEqual(['description']);
    expect(differingFields({ ...row, resource: { ...item, colorId: '1' } }, item)).toEqual(['colorId']);
    expect(differingFields({ ...row, endAt: new Date('2026-01-05T11:00:00Z') }, item)).toEqual([
      'column end',
    ]);
  });

  it('expects of a cancelled exception no more than Google promises', () => {
    const item = { id: 'a_1', etag: '"1"', status: 'cancelled', recurringEventId: 'a' };
    const row = {
      status: 'cancelled',
      etag: '"1"',
      seriesId: 'a',
      startAt: new Date('2026-01-05T09:00:00Z'),
      startDate: null,
      endAt: null,
      endDate: null,
      resource: { ...item, summary: 'still there' },
    };
    expect(differingFields(row, item)).toEqual([]);
    expect(differingFields({ ...row, seriesId: 'b' }, item)).toEqual(['column series_id']);
  });
});

describe('the check of writes', () => {
  const start = '2026-12-02T09:00:00.000Z';
  const event: OwnedEvent = {
    calendar: 'work',
    guest: 'own-1@example.org',
    occurrences: new Map([[start, 'Lunch']]),
    exceptions: new Set(),
    response: null,
    isInvited: false,
    isUncertain: false,
  };
  const entry = (told: Told): JournalEntry => ({
    guest: event.guest,
    operation: 'create',
    series: null,
    told,
    mails: mailsIfTold(mailsOf('create', null, true, true), told),
  });
  const one = { calendar: 'work', start, title: 'Lunch', response: null };
  const mail = { to: event.guest, kind: 'invitation' };
  const deleted = { ...event, occurrences: new Map([[start, null]]) };
  const found = (events: OwnedEvent[], told: Told, facts: Partial<WriteFacts>) =>
    checkWrites(events, [entry(told)], { occurrences: [one], mails: [mail], ...facts }).map(
      ({ why }) => why.split(' at ')[0],
    );

  it('finds nothing when Google has what callers were told', () => {
    expect(found([event], 'done', {})).toEqual([]);
    expect(found([deleted], 'refused', { occurrences: [], mails: [] })).toEqual([]);
    const uncertain = { ...event, isUncertain: true };
    expect(found([uncertain], 'failed', { occurrences: [], mails: [] })).toEqual([]);
    expect(found([uncertain], 'failed', {})).toEqual([]);
  });

  it.each([
    ['an event that is missing', [event], { occurrences: [] }, 'Google has none'],
    ['an event that is there twice', [event], { occurrences: [one, one] }, 'Google has 2'],
    ['an event that was deleted', [deleted], {}, 'Google has the one'],
    ['another title', [event], { occurrences: [{ ...one, title: 'Old' }] }, 'Google has another title'],
    ['another calendar', [event], { occurrences: [{ ...one, calendar: 'x' }] }, 'Google has the one'],
    [
      'another answer',
      [{ ...event, response: 'accepted' }],
      { occurrences: [{ ...one, response: 'declined' }] },
      'Google has the answer declined',
    ],
    ['an event of no caller', [], {}, 'Google has one'],
    [
      'a second mail',
      [event],
      { mails: [mail, mail] },
      'its guest got 2 mails of the kind invitation instead of 1 to 1',
    ],
    [
      'a missing mail',
      [event],
      { mails: [] },
      'its guest got 0 mails of the kind invitation instead of 1 to 1',
    ],
  ])('finds %s', (_what, events, facts, why) => {
    expect(found(events, 'done', facts)).toEqual([why]);
  });

  it('finds a mail for a refused write, and a second event even where the outcome is unknown', () => {
    expect(found([deleted], 'refused', { occurrences: [] })).toHaveLength(1);
    expect(found([{ ...event, isUncertain: true }], 'failed', { occurrences: [one, one] })).toHaveLength(1);
  });
});

describe('the search for leaks', () => {
  const secrets = secretsOf('c2VjcmV0LWtleQ==');

  it('finds content, tokens and keys in text and in bytes', () => {
    const found = (text: string | Buffer) => findLeaks('a log', text, secrets).map(({ what }) => what);
    expect(found(`"summary":"${CANARY} lunch"`)).toEqual(['content, an address or a refresh token']);
    expect(found(Buffer.from('\0authorization: Bearer ya29.abc\0'))).toEqual(['an access token']);
    expect(found('key c2VjcmV0LWtleQ==')).toEqual(['the encryption key']);
    expect(found('{"calendarId":"0b0e"}')).toEqual([]);
  });
});

describe('the dice', () => {
  it('fall the same way for a seed and an actor, and otherwise not', () => {
    const throws = (seed: number, actor: number) => {
      const dice = new Dice(seed, actor);
      return Array.from({ length: 20 }, () => dice.between(1, 6));
    };
    expect(throws(5, 1)).toEqual(throws(5, 1));
    expect(throws(5, 1)).not.toEqual(throws(5, 2));
    expect(throws(5, 1)).not.toEqual(throws(6, 1));
  });
});

describe('the verdict on a chaos run', () => {
  const tallied = (): Tally => {
    const tally = new Tally();
    tally.add('something');
    return tally;
  };
  const clean: ChaosReport = {
    seed: 1,
    minutes: 1,
    workspaces: 1,
    accounts: 1,
    edits: tallied(),
    faults: tallied(),
    kills: tallied(),
    requests: tallied(),
    writes: tallied(),
    written: { writes: 1, occurrences: 1, mails: 1, errors: [] },
    failedActs: 0,
    comparison: { calendars: 1, events: 1, occurrences: 1, differences: [] },
    changeLog: { entries: 1, errors: [] },
    followedChanges: 1,
    deliveries: 1,
    repeatedDeliveries: 0,
    photographs: 1,
    looks: 1,
    guardedCalendars: 1,
    gaps: [],
    histories: 1,
    planted: 1,
    shortestLogBytes: 1,
    leaks: [],
    runsBySource: {},
    failedSyncs: [],
    connectedAgain: 0,
    openDeadLetters: [],
    ownExits: [],
    longestRecovery: { afterMs: 0, kill: '' },
    unrecovered: [],
    settledMs: 1,
  };

  it('is good when everything was looked at and nothing found', () => {
    expect(isClean(clean)).toBe(true);
    expect(isClean({ ...clean, unrecovered: ['worker killed'] })).toBe(false);
  });

  it.each([
    'followedChanges',
    'photographs',
    'looks',
    'guardedCalendars',
    'histories',
    'planted',
    'shortestLogBytes',
  ] as const)('is not good when there was nothing to look at: %s', (what) => {
    expect(isClean({ ...clean, [what]: 0 })).toBe(false);
  });

  it('is not good when nothing was done, compared or replayed', () => {
    expect(isClean({ ...clean, edits: new Tally() })).toBe(false);
    expect(isClean({ ...clean, comparison: { ...clean.comparison, occurrences: 0 } })).toBe(false);
    expect(isClean({ ...clean, changeLog: { entries: 0, errors: [] } })).toBe(false);
  });
});
