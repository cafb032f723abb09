import { createInterface } from 'node:readline';
import { calendar } from 'googleapis/build/src/apis/calendar/index.js';
import { listPages, oauthClient } from '../floor/list-pages.ts';
import { writePages } from '../floor/write-pages.ts';
import { createPrismaClient } from '../../prisma/client.ts';
import {
  type NodePeerCommand,
  nodePeerCommandSchema,
  nodePeerInputSchema,
  type NodePeerTarget,
} from './node-peer.ts';
import { refill } from './refill.ts';
import { writeOneByOne } from './usual-loop.ts';

const input = nodePeerInputSchema.parse(JSON.parse(process.argv[2] ?? ''));
const { peer } = input;
const database = createPrismaClient({ databaseUrl: input.databaseUrl, poolSize: 1 });
const client = oauthClient(input.emulatorUrl, input.refreshToken);
const authorization = `Bearer ${(await client.refreshAccessToken()).credentials.access_token}`;
const api = calendar({ version: 'v3', rootUrl: input.emulatorUrl });
await database.$connect();

async function list(target: NodePeerTarget, since: string | null): Promise<void> {
  const { workspaceId, calendarId } = target;
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

async function run(command: NodePeerCommand): Promise<void> {
  if (command.op === 'ready') return;
  const { op, target } = command;
  // A refilling peer lists everything each time.
  const anew = op === 'resync' || peer === 'refill';
  const { calendarId } = target;
  const state = anew ? null : await database.calendarSyncState.findUnique({ where: { calendarId } });
  await list(target, state?.syncToken ?? null);
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = nodePeerCommandSchema.parse(JSON.parse(line));
  const startedAt = performance.now();
  const answer = await run(command).then(
    () => ({ ms: performance.now() - startedAt }),
    (error: unknown) => ({ error: String(error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await database.$disconnect();
process.exit();
