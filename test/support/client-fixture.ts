import { randomBytes, randomUUID } from 'node:crypto';
import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { addAccount } from '../../services/accounts/accounts.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import type { CalendarSyncState } from '../../prisma/generated/client.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface ClientFixture extends TestDatabase {
  encryptionKey: string;
  tokenCipher: ReturnType<typeof createTokenCipher>;
  /** A workspace of this ID with one connected account. */
  connect(workspaceId: string, timeZone?: string): Promise<{ accountId: string }>;
  /** A calendar as a refreshed calendar list leaves it, synced a minute ago. */
  addCalendar(workspaceId: string, accountId: string, data?: CalendarData): Promise<string>;
  /** One occurrence of an own event; times are dates where it is all-day. */
  addOccurrence(
    workspaceId: string,
    calendarId: string,
    start: string,
    end: string,
    data?: object,
  ): Promise<string>;
}

interface CalendarData {
  /** Default: a random one. */
  id?: string;
  summary?: string;
  isPrimary?: boolean;
  accessRole?: string;
  enabled?: boolean;
  status?: string;
  missingSince?: Date;
  syncState?: Partial<CalendarSyncState>;
}

const MINUTE_MS = 60_000;

export async function createClientFixture(): Promise<ClientFixture> {
  const database = await createTestDatabase();
  const { prisma } = database;
  const encryptionKey = randomBytes(32).toString('base64');
  const tokenCipher = createTokenCipher([encryptionKey]);
  return {
    ...database,
    encryptionKey,
    tokenCipher,
    async connect(workspaceId, timeZone = 'Europe/Berlin') {
      await createWorkspace(prisma, { id: workspaceId, timeZone });
      const grant = { workspaceId, email: `${workspaceId}@example.com`, refreshToken: 'grant-1' };
      return { accountId: (await addAccount({ database: prisma, tokenCipher }, grant)).id };
    },
    async addCalendar(workspaceId, accountId, { syncState, ...data } = {}) {
      const { id } = await prisma.calendar.create({
        data: {
          workspaceId,
          accountId,
          googleCalendarId: `${randomUUID()}@group.calendar.google.com`,
          summary: 'Work',
          timeZone: 'Europe/Berlin',
          accessRole: 'owner',
          ...data,
        },
      });
      await prisma.calendarSyncState.create({
        data: {
          calendarId: id,
          workspaceId,
          lastSyncedAt: new Date(Date.now() - MINUTE_MS),
          provenAt: new Date(Date.now() - MINUTE_MS),
          nextSyncAt: new Date(Date.now() + 10 * MINUTE_MS),
          ...syncState,
        },
      });
      return id;
    },
    async addOccurrence(workspaceId, calendarId, start, end, data = {}) {
      const allDay = !start.includes('T');
      const times = allDay
        ? { startDate: new Date(start), endDate: new Date(end) }
        : { startAt: new Date(start), endAt: new Date(end) };
      const googleEventId = randomUUID();
      const { id } = await prisma.workspaceCalendarEvent.create({
        data: {
          id: randomUUID(),
          workspaceId,
          calendarId,
          googleEventId,
          sourceEventId: googleEventId,
          title: `${start} to ${end}`,
          status: 'confirmed',
          busy: true,
          eventType: 'default',
          allDay,
          ...times,
          ...data,
        },
      });
      return id;
    },
  };
}
