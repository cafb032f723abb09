import { addAccount } from '../../services/accounts/accounts.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import type { BenchDatabase } from './database-server.ts';
import type { BenchStack } from './stack.ts';
import { TIME_ZONE } from './time-zone.ts';

/** Seed of everything that is generated: every run sees the same events. */
const SEED = 7;

/** A Google account with one calendar. */
export interface BenchAccount {
  email: string;
  refreshToken: string;
  googleCalendarId: string;
  /** As a full listing gives them: single events, series and exceptions. */
  listedEvents: number;
}

export async function generateAccount(
  { admin }: BenchStack,
  { events, recurringShare }: { events: number; recurringShare: number },
): Promise<BenchAccount> {
  const [generated] = await admin.generate({
    workspaces: 1,
    calendarsPerWorkspace: 1,
    eventsPerCalendar: events,
    recurringShare,
    timeZones: [TIME_ZONE],
    seed: SEED,
  });
  if (generated === undefined) throw new Error('The emulator generated no user.');
  const { email, refreshToken, calendars } = generated;
  const [calendar] = await admin.calendars(email);
  if (calendar === undefined || calendars.length !== 1) throw new Error('One calendar was expected.');
  return { email, refreshToken, googleCalendarId: calendar.id, listedEvents: calendar.events };
}

/** Connects the account to a new workspace in the database. */
export async function connectAccount(
  stack: BenchStack,
  database: Database,
  workspaceId: string,
  { email, refreshToken }: Pick<BenchAccount, 'email' | 'refreshToken'>,
): Promise<{ accountId: string }> {
  const { tokenCipher } = stack;
  await createWorkspace(database, { id: workspaceId, timeZone: TIME_ZONE });
  const { id } = await addAccount({ database, tokenCipher }, { workspaceId, email, refreshToken });
  return { accountId: id };
}

/** Connects the account and enters its calendar by hand, for what does without a sync. */
export async function connectCalendar(
  stack: BenchStack,
  database: Database,
  workspaceId: string,
  account: BenchAccount,
): Promise<{ workspaceId: string; calendarId: string }> {
  const { accountId } = await connectAccount(stack, database, workspaceId, account);
  const { googleCalendarId } = account;
  const { id } = await database.calendar.create({
    data: {
      workspaceId,
      accountId,
      googleCalendarId,
      summary: '',
      timeZone: TIME_ZONE,
      accessRole: 'owner',
    },
  });
  return { workspaceId, calendarId: id };
}

export async function withDatabase<T>(
  stack: BenchStack,
  work: (database: Database, target: BenchDatabase) => Promise<T>,
): Promise<T> {
  const target = await stack.databases.freshDatabase();
  const database = createPrismaClient({ databaseUrl: target.url, poolSize: 1 });
  try {
    return await work(database, target);
  } finally {
    await database.$disconnect();
    await stack.databases.drop(target);
  }
}
