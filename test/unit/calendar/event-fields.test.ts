import { describe, expect, it } from 'vitest';
import { eventFields } from '../../../calendar/event-fields.ts';
import { EVENT_DETAILS } from '../../../contracts/event-details.ts';
import { parseFieldsMask } from '../../../emulator/http/fields-mask.ts';

const itemsOf = (mask: string) => /items\((.*)\)$/.exec(mask)?.[1] ?? '';

describe('the mask', () => {
  it.each(EVENT_DETAILS)('of %s asks for the tokens, without which sync stops silently', (detail) => {
    expect(eventFields(detail).split(',')).toEqual(
      expect.arrayContaining(['nextPageToken', 'nextSyncToken']),
    );
  });

  it.each(EVENT_DETAILS)('of %s asks for every field that the mapping and the busy rule read', (detail) => {
    const items = parseFieldsMask(itemsOf(eventFields(detail)));
    for (const field of [
      'id',
      'status',
      'etag',
      'updated',
      'summary',
      'start',
      'end',
      'recurrence',
      'recurringEventId',
      'originalStartTime',
      'transparency',
      'eventType',
    ]) {
      expect(items.get(field)).toBe(true);
    }
    const attendees = items.get('attendees');
    if (attendees instanceof Map) expect([...attendees.keys()]).toContain('responseStatus');
    else expect(attendees).toBe(true);
  });

  it('of minimal is the one that stored sync tokens were taken with before there was a choice', () => {
    expect(eventFields('minimal')).toBe(
      'nextPageToken,nextSyncToken,timeZone,accessRole,updated,items(id,status,etag,updated,summary,description,location,start,end,recurrence,recurringEventId,originalStartTime,transparency,visibility,eventType,attendees(self,responseStatus),organizer(self),extendedProperties/private,iCalUID,sequence,colorId,hangoutLink)',
    );
  });

  it('of minimal has no address and no name of a person', () => {
    expect(eventFields('minimal')).not.toMatch(/email|displayName|creator|conferenceData/);
  });

  it('widens with the detail', () => {
    const fields = EVENT_DETAILS.map((detail) => [...parseFieldsMask(itemsOf(eventFields(detail))).keys()]);
    const [minimal = [], standard = [], full = []] = fields;
    expect(standard).toEqual(expect.arrayContaining(minimal));
    expect(full).toEqual(expect.arrayContaining(standard));
  });
});
