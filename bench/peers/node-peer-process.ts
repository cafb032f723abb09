import { createInterface } from 'node:readline';
import { calendar } from 'googleapis/build/src/apis/calendar/index.js';
import { listPages, oauthClient } from '../floor/list-pages.ts';
import { writePages } from '../floor/write-pages.ts';
import { createPrismaClient } from '../../prisma/client.ts';
import { nodePeerInputSchema } from './node-peer.ts';
import { refill } from './refill.ts';
import { writeOneByOne } from './usual-loop.ts';

const input = nodePeerInputSchema.parse(JSON.parse(process.argv[2] ?? ''));
const { peer, target } = input;
const { workspaceId, calendarId } = target;
const database = createPrismaClient({ databaseUrl: input.databaseUrl, poolSize: 1 });
const client = oauthClient(input.emulatorUrl, input.refreshToken);
const authorization = `Bearer ${(await client.refreshAccessToken()).credentials.access_token}`;
const api = calendar({ version: 'v3', rootUrl: input.emulatorUrl });
await database.$connect();

async function list(since: string | null): Promise<void> {
  const pages = listPages(api, input.googleCalendarId, authorization, since);
  if (peer === 'refill') {
    await refill(pages, database, calendarId);
    return;
  }
  const syncToken =
    peer === 'usual-loop'
      ? await writeOneByOne(pages, database, calendarId)
      : (await writePages(pages, database, target, peer === 'floor' ? 'events' : 'everything')).syncToken;
  await database.calendarSyncState.upsert({
    where: { calendarId },
    create: { calendarId, workspaceId, syncToken },
    update: { syncToken },
  });
}

const operations = {
  ready: async () => undefined,
  sync: async () => {
    // Whoever refills asks for everything each time.
    const state =
      peer === 'refill' ? null : await database.calendarSyncState.findUnique({ where: { calendarId } });
    await list(state?.syncToken ?? null);
  },
  resync: () => list(null),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { op } = JSON.parse(line) as { op: keyof typeof operations };
  const startedAt = performance.now();
  const answer = await operations[op]().then(
    () => ({ ms: performance.now() - startedAt }),
    (error: unknown) => ({ error: String(error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await database.$disconnect();
process.exit();
