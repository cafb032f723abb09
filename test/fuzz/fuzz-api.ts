import { type AlmanacClient, createAlmanacClient } from '../../client/almanac-client.ts';
import type { Database } from '../../prisma/client.ts';
import { createApiKey } from '../../services/keys/api-keys.ts';
import { changeWorkspace, createWorkspace } from '../../services/workspaces.ts';
import { beginWrites } from '../../services/writing/begin-writes.ts';
import { readWrites } from '../../services/writing/read-writes.ts';
import { connectAccount, generateAccount, withDatabase } from '../../bench/support/workspace.ts';
import { withStack } from '../../bench/support/stack.ts';
import { type FuzzOutcome, runSchemathesis } from './schemathesis.ts';

const WORKSPACE = 'fuzz';
const EVENTS = 40;
const DAY_MS = 86_400_000;
const WORKSPACE_PATH = '/api/v1/workspaces/{workspaceId}';
const EVENT_PATH = `${WORKSPACE_PATH}/events/{eventId}`;
/** Nothing may be refused for asking too often: what is refused is not tried. */
const ENVIRONMENT = { API_REQUESTS_PER_MINUTE: '1000000' };

export interface FuzzReport {
  seed: number;
  examples: number;
  passes: FuzzOutcome[];
  /** Answers by their status, as the service itself has counted them. */
  answers: Record<string, number>;
}

export function isClean({ passes, answers }: FuzzReport): boolean {
  return passes.every(({ passed }) => passed) && Object.keys(answers).every((status) => Number(status) < 500);
}

/** Asks every route at random, with a key of an admin and with one of a workspace. */
export async function fuzzApi({ seed, examples }: { seed: number; examples: number }): Promise<FuzzReport> {
  return withStack((stack) =>
    withDatabase(stack, async (database, target) => {
      const account = await generateAccount(stack, { events: EVENTS, recurringShare: 0.2 });
      const { accountId } = await connectAccount(stack, database, WORKSPACE, account);
      await stack.startWorker(target.url);
      const api = await stack.startApi(target.url, { environment: ENVIRONMENT });
      const almanac = createAlmanacClient({ temporal: stack.temporal, database });
      await (await almanac.syncNow({ workspaceId: WORKSPACE })).result();
      const calendar = await database.calendar.findFirstOrThrow({ where: { accountId } });

      const keyOf = async (workspaceId?: string) =>
        (await createApiKey({ database, now: () => new Date() }, { name: 'fuzz', workspaceId })).key;
      await changeWorkspace(database, WORKSPACE, { writing: true });
      const [kept, deleted] = await writeEvents(database, almanac, calendar.id);
      const fixed = {
        workspaceId: WORKSPACE,
        calendarId: calendar.id,
        eventId: kept.eventId,
        batchId: kept.batchId,
        wait: '1',
      };
      // Pausing and deleting would take the workspace from the other routes.
      const spare = { workspaceId: 'spare' };
      await createWorkspace(database, { id: spare.workspaceId, timeZone: 'UTC' });
      const only = {
        [`DELETE ${EVENT_PATH}`]: { eventId: deleted.eventId },
        [`PATCH ${WORKSPACE_PATH}`]: spare,
        [`DELETE ${WORKSPACE_PATH}`]: spare,
      };
      const common = { url: api.url, seed, examples };
      const passes = [
        await runSchemathesis({
          ...common,
          name: 'admin key, a workspace that exists',
          key: await keyOf(),
          fixed,
          only,
        }),
        await runSchemathesis({
          ...common,
          name: 'workspace key, anything',
          key: await keyOf(WORKSPACE),
          fixed: {},
          only: {},
        }),
      ];
      const metrics = await (await fetch(`${api.url}/metrics`)).text();
      return { seed, examples, passes, answers: readAnswers(metrics) };
    }),
  );
}

/** Two events that the API has written: one to ask for and to change, one to delete. */
async function writeEvents(database: Database, almanac: AlmanacClient, calendarId: string) {
  const write = async (day: string) => {
    const batchId = await beginWrites(database, WORKSPACE, [
      { operation: 'create', calendarId, title: 'Fuzz', start: `${day}T09:00:00`, end: `${day}T10:00:00` },
    ]);
    await almanac.makeWrites({ workspaceId: WORKSPACE, batchId });
    const [outcome] = await readWrites(database, WORKSPACE, batchId);
    if (outcome?.eventId === undefined) throw new Error('An event could not be written.');
    return { batchId, eventId: outcome.eventId };
  };
  const tomorrow = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
  return [await write(tomorrow), await write(tomorrow)] as const;
}

const COUNTED = /^almanac_api_request_seconds_count\{.*status="(\d+)".*\} (\d+)$/gm;

function readAnswers(metrics: string): Record<string, number> {
  const answers: Record<string, number> = {};
  for (const [, status = '', count] of metrics.matchAll(COUNTED)) {
    answers[status] = (answers[status] ?? 0) + Number(count);
  }
  return answers;
}
