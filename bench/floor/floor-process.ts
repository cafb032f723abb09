import { calendar } from 'googleapis/build/src/apis/calendar/index.js';
import { createPrismaClient } from '../../prisma/client.ts';
import { type FloorInput, floorInputSchema, type FloorResult } from './floor.ts';
import { listPages, oauthClient } from './list-pages.ts';
import { writePages } from './write-pages.ts';

// Lower bound for a sync's time: the same pages from the same server, written by a bare loop. Without
// Temporal, schema check, fence, token, sweep or retry, it is not fit for real calendars.

const KIB = 1_024;

async function run(input: FloorInput): Promise<FloorResult> {
  const database = createPrismaClient({ databaseUrl: input.databaseUrl, poolSize: 1 });
  const { target } = input;
  const client = oauthClient(input.emulatorUrl, input.refreshToken);
  const authorization = `Bearer ${(await client.refreshAccessToken()).credentials.access_token}`;
  const api = calendar({ version: 'v3', rootUrl: input.emulatorUrl });

  const startedAt = performance.now();
  const pages = listPages(api, input.googleCalendarId, authorization);
  const { requests } = await writePages(pages, database, target, input.variant);
  const ms = performance.now() - startedAt;
  await database.$disconnect();
  return { ms, requests, peakBytes: process.resourceUsage().maxRSS * KIB };
}

const result = await run(floorInputSchema.parse(JSON.parse(process.argv[2] ?? '')));
process.stdout.write(JSON.stringify(result), () => process.exit());
