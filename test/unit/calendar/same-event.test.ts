import { describe, expect, it } from 'vitest';
import type { GoogleEvent } from '../../../calendar/google-event.ts';
import { isSameEvent } from '../../../calendar/same-event.ts';

const event: GoogleEvent = {
  id: 'e1',
  summary: 'Lunch',
  start: { dateTime: '2026-01-05T10:00:00+01:00', timeZone: 'Europe/Berlin' },
  end: { dateTime: '2026-01-05T11:00:00+01:00', timeZone: 'Europe/Berlin' },
  attendees: [{ self: true, responseStatus: 'accepted' }, { responseStatus: 'declined' }],
};
const same = (other: GoogleEvent) => isSameEvent(event, other, 'UTC');

describe('two answers of Google are the same event', () => {
  it('whatever the order of fields and guests', () => {
    const { id, summary, ...rest } = event;
    expect(same({ ...rest, summary, id, attendees: event.attendees?.toReversed() })).toBe(true);
  });

  it('whatever offset an instant is written with', () => {
    expect(same({ ...event, start: { dateTime: '2026-01-05T09:00:00Z', timeZone: 'Europe/Berlin' } })).toBe(
      true,
    );
  });

  it('whether what has no value is left out or null', () => {
    expect(same({ ...event, location: null, description: undefined })).toBe(true);
  });
});

describe('two answers of Google are not the same event', () => {
  it.each<[string, Partial<GoogleEvent>]>([
    ['title', { summary: 'Dinner' }],
    ['start', { start: { dateTime: '2026-01-05T10:00:01+01:00', timeZone: 'Europe/Berlin' } }],
    ['zone', { start: { dateTime: '2026-01-05T10:00:00+01:00', timeZone: 'Europe/Paris' } }],
    ['form', { start: { date: '2026-01-05' } }],
    ['guests', { attendees: [{ self: true, responseStatus: 'declined' }, { responseStatus: 'accepted' }] }],
    ['fields of its own', { extendedProperties: { private: { task: '1' } } }],
  ])('with another %s', (_, change) => {
    expect(same({ ...event, ...change })).toBe(false);
  });
});
