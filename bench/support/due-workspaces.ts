import { randomUUID } from 'node:crypto';
import type { TokenCipher } from '../../services/google/token-cipher.ts';
import { horizonAt } from './horizon-at.ts';
import type { EmulatorAdmin, GeneratedWorkspace } from '../../emulator/admin.ts';
import type { Database } from '../../prisma/client.ts';
import { TIME_ZONE } from './time-zone.ts';

const REQUESTS_AT_ONCE = 8;
const ROWS_PER_STATEMENT = 2_000;
/** The emulator generates no more users at a time. */
const MOST_USERS = 10_000;
const DAY_MS = 86_400_000;

interface DueWorkspacesTarget {
  database: Database;
  admin: EmulatorAdmin;
  emulatorUrl: string;
  tokenCipher: TokenCipher;
}

interface DueWorkspacesOptions {
  count: number;
  calendarsPerWorkspace: number;
  /** Workspaces are `{prefix}-00001` and so on: in ID order, and apart from those of another prefix. */
  prefix: string;
}

export interface DueCalendar {
  workspaceId: string;
  calendarId: string;
  googleCalendarId: string;
}

/**
 * Inserts many workspaces in the state after a first sync, without syncing them. Each has one account with a
 * live access token and empty calendars with sync tokens of the emulator. All are due at once.
 */
export async function seedDueWorkspaces(
  target: DueWorkspacesTarget,
  { count, calendarsPerWorkspace, prefix }: DueWorkspacesOptions,
): Promise<DueCalendar[]> {
  if (count > MOST_USERS) throw new Error(`At most ${MOST_USERS} workspaces can be seeded.`);
  const generated = await target.admin.generate({
    workspaces: count,
    calendarsPerWorkspace,
    eventsPerCalendar: 0,
    timeZones: [TIME_ZONE],
    emailPrefix: prefix,
  });
  const seeded = await mapAtOnce(generated, (user, index) =>
    seedOne(target, user, `${prefix}-${String(index + 1).padStart(5, '0')}`),
  );
  const { database } = target;
  const workspaces = seeded.map(({ account }) => ({ id: account.workspaceId, timeZone: TIME_ZONE }));
  const calendars = seeded.flatMap((one) => one.calendars);
  const states = seeded.flatMap((one) => one.states);
  await inParts(workspaces, (data) => database.workspace.createMany({ data }));
  await inParts(
    seeded.map(({ account }) => account),
    (data) => database.calendarAuthToken.createMany({ data }),
  );
  await inParts(calendars, (data) => database.calendar.createMany({ data }));
  await inParts(states, (data) => database.calendarSyncState.createMany({ data }));
  return calendars.map(({ id, workspaceId, googleCalendarId }) => ({
    workspaceId,
    calendarId: id,
    googleCalendarId,
  }));
}

async function seedOne(target: DueWorkspacesTarget, user: GeneratedWorkspace, workspaceId: string) {
  const { emulatorUrl, tokenCipher } = target;
  const accountId = randomUUID();
  const { accessToken, expiresAt } = await fetchAccessToken(emulatorUrl, user.refreshToken);
  const sealed = tokenCipher.seal(user.refreshToken, accountId);
  const now = new Date();
  const calendars = user.calendars.map((googleCalendarId, index) => ({
    id: randomUUID(),
    workspaceId,
    accountId,
    googleCalendarId,
    summary: '',
    timeZone: TIME_ZONE,
    accessRole: 'owner',
    isPrimary: index === 0,
  }));
  const { from: horizonFrom, to: horizonTo } = horizonAt(now);
  const states = [];
  for (const { id, googleCalendarId } of calendars) {
    states.push({
      calendarId: id,
      workspaceId,
      syncToken: await fetchSyncToken(emulatorUrl, accessToken, googleCalendarId),
      lastSyncedAt: now,
      lastFullSyncAt: now,
      nextSyncAt: new Date(0),
      horizonFrom,
      horizonTo,
    });
  }
  const account = {
    id: accountId,
    workspaceId,
    email: user.email,
    keyId: sealed.keyId,
    refreshToken: sealed.bytes,
    accessToken: tokenCipher.seal(accessToken, accountId).bytes,
    accessTokenExpiresAt: expiresAt,
    calendarListSyncedAt: now,
    calendarListDueAt: new Date(now.getTime() + DAY_MS),
  };
  return { account, calendars, states };
}

async function fetchJson(url: URL, init: RequestInit): Promise<Record<string, unknown>> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`The emulator answered ${response.status} to ${url.pathname}.`);
  return response.json() as Promise<Record<string, unknown>>;
}

async function fetchAccessToken(emulatorUrl: string, refreshToken: string) {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'almanac-dev',
    client_secret: 'almanac-dev-secret',
    refresh_token: refreshToken,
  });
  const answer = await fetchJson(new URL('/token', emulatorUrl), { method: 'POST', body });
  return {
    accessToken: String(answer.access_token),
    expiresAt: new Date(Date.now() + Number(answer.expires_in) * 1_000),
  };
}

/** Sync token of a listing like a sync's. Other `fields` do not matter to the token. */
async function fetchSyncToken(emulatorUrl: string, accessToken: string, calendarId: string): Promise<string> {
  const url = new URL(`/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`, emulatorUrl);
  url.search = new URLSearchParams({ singleEvents: 'false', fields: 'nextSyncToken' }).toString();
  const answer = await fetchJson(url, { headers: { authorization: `Bearer ${accessToken}` } });
  return String(answer.nextSyncToken);
}

async function mapAtOnce<T, R>(
  values: readonly T[],
  map: (value: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = values.entries();
  const work = async () => {
    for (const [index, value] of queue) results[index] = await map(value, index);
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
  return results;
}

async function inParts<T>(rows: readonly T[], insert: (rows: T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    await insert(rows.slice(from, from + ROWS_PER_STATEMENT));
  }
}
