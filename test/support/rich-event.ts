import type { EventBody } from '../../emulator/admin.ts';

/** An event with everything that Google shows of one. */
export function richEvent(title: string, start: string, end: string, more: EventBody = {}): EventBody {
  return {
    summary: title,
    description: 'Bring the <b>drawings</b>',
    location: 'Turing room',
    start: { dateTime: start, timeZone: 'Europe/Berlin' },
    end: { dateTime: end, timeZone: 'Europe/Berlin' },
    visibility: 'private',
    attendees: [
      {
        email: 'grace@example.com',
        displayName: 'Grace Hopper',
        responseStatus: 'accepted',
        comment: 'Late',
      },
      { email: 'alan@example.com', displayName: 'Alan Turing', responseStatus: 'declined', optional: true },
      {
        email: 'room-1@resource.example.com',
        displayName: 'Room 1',
        responseStatus: 'accepted',
        resource: true,
      },
    ],
    conferenceData: { createRequest: { requestId: title } },
    attachments: [{ title: 'Drawings', fileUrl: 'https://drive.example.com/1', mimeType: 'image/png' }],
    reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 10 }] },
    extendedProperties: { private: { app: 'almanac' }, shared: { project: 'engine' } },
    source: { title: 'Ticket', url: 'https://tickets.example.com/1' },
    guestsCanModify: true,
    ...more,
  };
}
