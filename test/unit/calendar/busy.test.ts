import { describe, expect, it } from 'vitest';
import { blocksTime } from '../../../calendar/busy.ts';

const timed = {
  id: 'a',
  start: { dateTime: '2026-01-05T09:00:00Z' },
  end: { dateTime: '2026-01-05T10:00:00Z' },
};
const allDay = { id: 'a', start: { date: '2026-01-05' }, end: { date: '2026-01-06' } };

describe('blocksTime', () => {
  it.each([
    ['a timed event that says nothing else', timed, true],
    ['a tentative event', { ...timed, status: 'tentative' }, true],
    ['a focus time', { ...timed, eventType: 'focusTime' }, true],
    ['an event type that is not known yet', { ...timed, eventType: 'somethingNew' }, true],
    [
      'an invitation without an answer',
      { ...timed, attendees: [{ self: true, responseStatus: 'needsAction' }] },
      true,
    ],
    ['an invitation that a guest declined', { ...timed, attendees: [{ responseStatus: 'declined' }] }, true],
    ['an all-day out-of-office', { ...allDay, eventType: 'outOfOffice' }, true],
    ['an all-day event marked as busy', { ...allDay, transparency: 'opaque' }, true],
    ['an event shown as free', { ...timed, transparency: 'transparent' }, false],
    ['a cancelled event', { ...timed, status: 'cancelled' }, false],
    [
      'an invitation that the owner declined',
      { ...timed, attendees: [{ self: true, responseStatus: 'declined' }] },
      false,
    ],
    ['a working location', { ...timed, eventType: 'workingLocation' }, false],
    [
      'a birthday, however it is marked (pitfall 21)',
      { ...allDay, eventType: 'birthday', transparency: 'opaque' },
      false,
    ],
    ['an all-day event that says nothing else', allDay, false],
    [
      'an all-day out-of-office shown as free',
      { ...allDay, eventType: 'outOfOffice', transparency: 'transparent' },
      false,
    ],
  ])('%s', (_name, event, expected) => {
    expect(blocksTime(event)).toBe(expected);
  });
});
