import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listCalendars, setCalendarEnabled } from '../../services/calendars.ts';
import { InvalidInputError, NotFoundError } from '../../services/errors.ts';
import { listEvents } from '../../services/reading/list-occurrences.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

let fixture: ClientFixture;
let accountId: string;
beforeAll(async () => {
  fixture = await createClientFixture();
  ({ accountId } = await fixture.connect('acme'));
});
afterAll(() => fixture.drop());

const nextSyncAt = async (calendarId: string) =>
  (await fixture.prisma.calendarSyncState.findUniqueOrThrow({ where: { calendarId } })).nextSyncAt;
const visible = async () => {
  const range = { workspaceId: 'acme', from: '2026-03-01', to: '2026-04-01' };
  return (await listEvents(fixture.prisma, range)).events.map(({ id }) => id);
};

describe('switching a calendar', () => {
  it('off hides its events and stops the polling; on brings both back at once', async () => {
    const calendar = await fixture.addCalendar('acme', accountId);
    const occurrence = await fixture.addOccurrence('acme', calendar, '2026-03-02', '2026-03-03');

    expect(await setCalendarEnabled(fixture.prisma, calendar, false)).toMatchObject({ enabled: false });
    expect(await nextSyncAt(calendar)).toBeNull();
    expect(await visible()).not.toContain(occurrence);

    expect(await setCalendarEnabled(fixture.prisma, calendar, true)).toMatchObject({ enabled: true });
    expect((await nextSyncAt(calendar))?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await visible()).toContain(occurrence);
  });

  it('on does not poll one that Google has removed', async () => {
    const calendar = await fixture.addCalendar('acme', accountId, {
      status: 'removed',
      enabled: false,
      syncState: { nextSyncAt: null },
    });
    await setCalendarEnabled(fixture.prisma, calendar, true);
    expect(await nextSyncAt(calendar)).toBeNull();
  });

  it('on does not poll one whose account has to be connected again', async () => {
    const { accountId: revoked } = await fixture.connect('revoked');
    await fixture.prisma.calendarAuthToken.update({
      where: { id: revoked },
      data: { status: 'needs_reconnect' },
    });
    const calendar = await fixture.addCalendar('revoked', revoked, { enabled: false });
    await setCalendarEnabled(fixture.prisma, calendar, true);
    expect(await nextSyncAt(calendar)).toBeNull();
  });

  it('says what is wrong with the ID', async () => {
    await expect(setCalendarEnabled(fixture.prisma, 'primary', true)).rejects.toThrow(InvalidInputError);
    await expect(setCalendarEnabled(fixture.prisma, randomUUID(), true)).rejects.toThrow(NotFoundError);
  });
});

it('lists the calendars of a workspace, the primary one of an account first', async () => {
  const { accountId: account } = await fixture.connect('listed');
  const other = await fixture.addCalendar('listed', account, { summary: 'A' });
  const primary = await fixture.addCalendar('listed', account, { summary: 'Z', isPrimary: true });
  const calendars = await listCalendars(fixture.prisma, 'listed');
  expect(calendars.map(({ id }) => id)).toEqual([primary, other]);
  expect(calendars[0]).toMatchObject({ primary: true, enabled: true, status: 'active', accessRole: 'owner' });
});
