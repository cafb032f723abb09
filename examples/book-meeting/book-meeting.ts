import type { AlmanacApi } from 'almanac/api';

export interface Booking {
  /** The product's own ID of the booking. */
  id: string;
  title: string;
  /** Instants, such as 2026-12-01T09:00:00Z. */
  start: string;
  end: string;
  guests: string[];
}

/**
 * Books a meeting in the primary calendar of a workspace, and invites its guests. The booking's ID makes it one
 * meeting, and one invitation to each guest, however often it is booked: after a time-out, or a crash of the
 * product.
 * @returns its ID in Google; the next read of the mirror shows it
 */
export async function bookMeeting(
  api: AlmanacApi,
  workspaceId: string,
  { id, title, start, end, guests }: Booking,
): Promise<string> {
  const path = { workspaceId };
  const calendars = await api.GET('/api/v1/workspaces/{workspaceId}/calendars', { params: { path } });
  const primary = calendars.data?.find((calendar) => calendar.primary);
  if (primary === undefined) throw new Error(`Workspace ${workspaceId} has no primary calendar.`);
  const { data, error } = await api.POST('/api/v1/workspaces/{workspaceId}/events', {
    params: { path, header: { 'idempotency-key': `booking-${id}` } },
    body: {
      calendarId: primary.id,
      title,
      start,
      end,
      attendees: guests.map((email) => ({ email })),
      conference: true,
      sendUpdates: 'all',
    },
  });
  if (data === undefined) throw new Error(error.detail);
  // Google has not answered in time: booking it again waits on for the same write.
  if (!('googleEventId' in data) || data.googleEventId === undefined)
    throw new Error('Not confirmed yet: book it again.');
  return data.googleEventId;
}
