import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createEmulator, type Emulator } from './create-emulator.ts';
import { following } from './option-error.ts';

/** Options of `almanac emulator`. */
interface EmulatorCommandOptions {
  port?: number | undefined;
  host?: string | undefined;
  seed?: number | undefined;
  /** iCalendar files; each becomes a calendar of the first user. */
  ics?: string[] | undefined;
  /** Generated users. */
  users?: number | undefined;
  calendarsPerUser?: number | undefined;
  eventsPerCalendar?: number | undefined;
  accessTokenTtlSeconds?: number | undefined;
  stateFile?: string | undefined;
  /** Print one JSON line instead of text. */
  json?: boolean | undefined;
}

/** A user in the start message. */
interface AnnouncedUser {
  email: string;
  refreshToken: string;
  calendars: string[];
}

const ICS_RULE = 'must be readable iCalendar files (RFC 5545)';
const ICS_USER = 'demo@example.com';
const DEFAULT_CALENDARS_PER_USER = 2;
const DEFAULT_EVENTS_PER_CALENDAR = 200;
const DEFAULT_PORT = 4010;

/**
 * Starts an emulator, fills it and prints its address. It runs until SIGINT or SIGTERM, or until the returned
 * emulator is closed.
 */
export async function startEmulatorCommand(options: EmulatorCommandOptions = {}): Promise<Emulator> {
  const { port = DEFAULT_PORT, host, seed, accessTokenTtlSeconds, stateFile } = options;
  const emulator = await createEmulator({
    port,
    ...(host !== undefined && { host }),
    ...(seed !== undefined && { seed }),
    ...(accessTokenTtlSeconds !== undefined && { accessTokenTtlSeconds }),
    ...(stateFile !== undefined && { stateFile }),
  });
  const users = await fill(emulator, options);
  announce(emulator.url, users, options.json === true);

  const stop = () => {
    void emulator.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return emulator;
}

async function fill({ admin }: Emulator, options: EmulatorCommandOptions): Promise<AnnouncedUser[]> {
  const users: AnnouncedUser[] = [];
  const files = options.ics ?? [];
  if (files.length > 0) {
    const { email, refreshToken } = await admin.createUser({ email: ICS_USER });
    const calendars: string[] = [];
    for (const file of files) {
      const text = await following('ics', ICS_RULE, readFile(file, 'utf8'));
      const name = basename(file, '.ics');
      const timeZone = /^X-WR-TIMEZONE:(\S+)/m.exec(text)?.[1] ?? 'UTC';
      const id = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}@import.calendar.google.com`;
      await admin.createCalendar(email, { id, summary: name, timeZone });
      await following('ics', ICS_RULE, admin.importIcs(email, id, text));
      calendars.push(id);
    }
    users.push({ email, refreshToken, calendars });
  }
  if (options.users) {
    users.push(
      ...(await admin.generate({
        workspaces: options.users,
        calendarsPerWorkspace: options.calendarsPerUser ?? DEFAULT_CALENDARS_PER_USER,
        eventsPerCalendar: options.eventsPerCalendar ?? DEFAULT_EVENTS_PER_CALENDAR,
      })),
    );
  }
  return users;
}

function announce(url: string, users: AnnouncedUser[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ url, users })}\n`);
    return;
  }
  const lines = users.map(
    ({ email, refreshToken, calendars }) =>
      `  ${email}  refresh token ${refreshToken}  ${calendars.length} calendar(s)`,
  );
  process.stdout.write(
    [
      `Google Calendar emulator on ${url}`,
      '  client almanac-dev, secret almanac-dev-secret; operations: GET /_admin',
      ...lines,
      '',
    ].join('\n'),
  );
}
