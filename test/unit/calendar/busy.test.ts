import { describe, expect, it } from 'vitest';
import { blocksTime, GOOGLES_BUSY_POLICY } from '../../../calendar/busy.ts';

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
    ['an all-day event that says nothing else', allDay, true],
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
    ['an all-day event shown as free', { ...allDay, transparency: 'transparent' }, false],
    [
      'an all-day out-of-office shown as free',
      { ...allDay, eventType: 'outOfOffice', transparency: 'transparent' },
      false,
    ],
  ])('%s', (_name, event, expected) => {
    expect(blocksTime(event)).toBe(expected);
  });

  const answered = (responseStatus: string) => ({ ...timed, attendees: [{ self: true, responseStatus }] });
  const away = { ...timed, eventType: 'outOfOffice' };

  it.each([
    ['allDay', 'an all-day event', allDay, false],
    ['allDay', 'an all-day event marked as busy', { ...allDay, transparency: 'opaque' }, false],
    ['allDay', 'a timed event', timed, true],
    ['allDay', 'an all-day out-of-office', { ...allDay, eventType: 'outOfOffice' }, true],
    ['tentative', 'a tentative event', { ...timed, status: 'tentative' }, false],
    ['tentative', 'an invitation answered with "maybe"', answered('tentative'), false],
    ['tentative', 'an invitation without an answer', answered('needsAction'), true],
    [
      'tentative',
      'an invitation that a guest has answered with "maybe"',
      { ...timed, attendees: [{ responseStatus: 'tentative' }] },
      true,
    ],
    ['unanswered', 'an invitation without an answer', answered('needsAction'), false],
    ['unanswered', 'an invitation answered with "maybe"', answered('tentative'), true],
    ['unanswered', 'an accepted invitation', answered('accepted'), true],
    ['outOfOffice', 'an out-of-office', away, false],
    ['outOfOffice', 'an all-day out-of-office', { ...allDay, eventType: 'outOfOffice' }, false],
    ['outOfOffice', 'an all-day event', allDay, true],
    ['tentative', 'a tentative all-day event', { ...allDay, status: 'tentative' }, false],
  ])('where %s counts as free: %s', (trait, _name, event, expected) => {
    expect(blocksTime(event, { ...GOOGLES_BUSY_POLICY, [trait]: 'free' })).toBe(expected);
  });
});
