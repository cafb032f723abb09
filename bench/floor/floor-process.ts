import { OAuth2Client } from 'google-auth-library';
import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { type EventRow, toEventChange } from '../../calendar/event-row.ts';
import { GOOGLE_EVENT_FIELDS, type GoogleEvent } from '../../calendar/google-event.ts';
import { createPrismaClient } from '../../prisma/client.ts';
import { type FloorInput, floorInputSchema, type FloorResult } from './floor.ts';
import { expandRows } from './floor-occurrences.ts';
import { writeChanges, writeEvents, writeOccurrences } from './floor-writes.ts';

// What a sync cannot be faster than: the same pages from the same server, written by a bare loop. No Temporal, no
// schema check, no fence, no token, no sweep, no retry; nothing here could be trusted with somebody's calendar.

const MAX_RESULTS = 2_500;
const KIB = 1_024;
const TIME_ZONE = 'Europe/Berlin';

async function authorize({ emulatorUrl, refreshToken }: FloorInput): Promise<string> {
  const client = new OAuth2Client({
    clientId: 'almanac-dev',
    clientSecret: 'almanac-dev-secret',
    endpoints: { oauth2TokenUrl: `${emulatorUrl}/token` },
  });
  client.setCredentials({ refresh_token: refreshToken });
  return `Bearer ${(await client.refreshAccessToken()).credentials.access_token}`;
}

async function* listPages(api: calendar_v3.Calendar, calendarId: string, authorization: string) {
  let pageToken: string | null | undefined;
  do {
    const { data } = await api.events.list(
      {
        calendarId,
        singleEvents: false,
        maxResults: MAX_RESULTS,
        fields: GOOGLE_EVENT_FIELDS,
        ...(pageToken ? { pageToken } : {}),
      },
      { headers: { authorization } },
    );
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a floor trusts what it is sent
    yield (data.items ?? []) as GoogleEvent[];
    pageToken = data.nextPageToken;
  } while (pageToken);
}

function toRows(items: readonly GoogleEvent[]): EventRow[] {
  return items.flatMap((item) => {
    const change = toEventChange(item, TIME_ZONE);
    return change.op === 'upsert' ? [change.row] : [];
  });
}

async function run(input: FloorInput): Promise<FloorResult> {
  const database = createPrismaClient({ databaseUrl: input.databaseUrl, poolSize: 1 });
  const { target } = input;
  const authorization = await authorize(input);
  const api = calendar({ version: 'v3', rootUrl: input.emulatorUrl });

  let requests = 0;
  const recurring: EventRow[] = [];
  const startedAt = performance.now();
  for await (const items of listPages(api, input.googleCalendarId, authorization)) {
    requests += 1;
    const rows = toRows(items);
    if (input.variant === 'events') {
      await writeEvents(database, target, rows);
      continue;
    }
    await database.$transaction(async (transaction) => {
      await writeEvents(transaction, target, rows);
      await writeChanges(transaction, target, rows);
      await writeOccurrences(transaction, target, expandRows(rows.filter((row) => row.kind === 'single')));
    });
    // An exception may come pages after its series: all wait in memory for the end.
    recurring.push(...rows.filter((row) => row.kind !== 'single'));
  }
  if (input.variant === 'everything') await writeOccurrences(database, target, expandRows(recurring));
  const ms = performance.now() - startedAt;
  await database.$disconnect();
  return { ms, requests, peakBytes: process.resourceUsage().maxRSS * KIB };
}

const result = await run(floorInputSchema.parse(JSON.parse(process.argv[2] ?? '')));
process.stdout.write(JSON.stringify(result), () => process.exit());
