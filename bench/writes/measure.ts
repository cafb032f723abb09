import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { eventWriteWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { Database } from '../../prisma/client.ts';
import { createApiKey } from '../../services/keys/api-keys.ts';
import { changeWorkspace } from '../../services/workspaces.ts';
import { countActions } from '../support/billed-actions.ts';
import { type BenchStack, withStack } from '../support/stack.ts';
import { type Spread, spreadOf } from '../support/statistics.ts';
import { timeSync } from '../support/workflow-run.ts';
import { connectAccount, generateAccount, withDatabase } from '../support/workspace.ts';
import { GoogleDirectly } from './google-directly.ts';

const WORKSPACE_ID = 'bench';
const CALENDAR = { events: 300, recurringShare: 0.15 };
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Connections open and code is compiled meanwhile: not counted. */
const WARM_UP = 5;
/** No request is refused, or waits for the quota. */
const ENVIRONMENT = {
  API_REQUESTS_PER_MINUTE: '6000000',
  GOOGLE_USER_REQUESTS_PER_MINUTE: '60000',
  GOOGLE_REQUESTS_PER_MINUTE: '600000',
  GOOGLE_USER_WRITES_PER_MINUTE: '60000',
};
const BATCH_WAIT_SECONDS = 55;
const OPERATIONS = ['create', 'change', 'delete'] as const;
type Operation = (typeof OPERATIONS)[number];

export interface WritesOptions {
  writes: number;
  batch: number;
}

/** One kind of write, one after the other. */
export interface SingleWrites {
  operation: Operation;
  writes: number;
  /** From the request to the answer: Google has confirmed it, and the mirror shows it. */
  ms: Spread;
  /** The same write to the emulator alone, in turn with the others. */
  floorMs: Spread;
  /** Requests to Google per write, on average. */
  requests: number;
  /** Temporal actions of one write, from its history. */
  actions: number;
}

export interface BatchWrites {
  writes: number;
  seconds: number;
  requests: number;
  actions: number;
}

export interface WritesReport {
  singles: SingleWrites[];
  batch: BatchWrites;
}

const writtenSchema = z.object({ id: z.string(), status: z.literal('done'), eventId: z.string().optional() });
const batchSchema = z.object({ batchId: z.string(), done: z.int(), pending: z.int() });

/** A caller of the API. */
class Caller {
  private readonly url: string;
  private readonly key: string;

  constructor(apiUrl: string, key: string) {
    this.url = `${apiUrl}/api/v1/workspaces/${WORKSPACE_ID}`;
    this.key = key;
  }

  async call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        'idempotency-key': randomUUID(),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`The API answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}

const timesOf = (number: number) => {
  const startMs = Math.ceil(Date.now() / DAY_MS + 1) * DAY_MS + (number % 24) * HOUR_MS;
  return [startMs, startMs + HOUR_MS].map((ms) => new Date(ms).toISOString()) as [string, string];
};

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { ms: performance.now() - startedAt, result };
}

/** Requests to Google that `work` leads to. */
async function requestsOf({ admin }: BenchStack, work: () => Promise<void>): Promise<number> {
  const count = async () => Object.values(await admin.requestCounts()).reduce((sum, one) => sum + one, 0);
  const before = await count();
  await work();
  return (await count()) - before;
}

async function actionsOf({ temporal }: BenchStack, batchId: string): Promise<number> {
  const handle = temporal.workflow.getHandle(eventWriteWorkflowId(WORKSPACE_ID, batchId));
  return countActions((await handle.fetchHistory()).events ?? []);
}

async function lastBatch(database: Database): Promise<string> {
  const { batchId } = await database.eventWrite.findFirstOrThrow({ orderBy: { sequence: 'desc' } });
  return batchId;
}

interface Bench {
  stack: BenchStack;
  database: Database;
  caller: Caller;
  direct: GoogleDirectly;
  calendarId: string;
}

/** Each event of ours and of the floor is created, changed and deleted, in turn. */
async function measureSingles(bench: Bench, writes: number): Promise<SingleWrites[]> {
  const { stack, database, caller, direct, calendarId } = bench;
  const ours: string[] = [];
  const theirs: string[] = [];
  const make: Record<Operation, (number: number) => Promise<unknown>> = {
    async create(number) {
      const [start, end] = timesOf(number);
      const body = { calendarId, title: `Write ${number}`, start, end };
      const { eventId } = writtenSchema.parse(await caller.call('POST', '/events', body));
      if (eventId === undefined) throw new Error('A created event is not in the mirror.');
      ours.push(eventId);
    },
    change: async (number) =>
      writtenSchema.parse(
        await caller.call('PATCH', `/events/${ours[number]!}`, { title: `Change ${number}` }),
      ),
    delete: async (number) => writtenSchema.parse(await caller.call('DELETE', `/events/${ours[number]!}`)),
  };
  const makeDirectly: Record<Operation, (number: number) => Promise<unknown>> = {
    async create(number) {
      const [start, end] = timesOf(number);
      theirs.push(
        await direct.create({
          summary: `Write ${number}`,
          start: { dateTime: start },
          end: { dateTime: end },
        }),
      );
    },
    change: (number) => direct.change(theirs[number]!, { summary: `Change ${number}` }),
    delete: (number) => direct.delete(theirs[number]!),
  };
  const singles: SingleWrites[] = [];
  for (const operation of OPERATIONS) {
    const [times, floor]: [number[], number[]] = [[], []];
    let requests = 0;
    for (let number = 0; number < WARM_UP + writes; number += 1) {
      let ms = 0;
      const asked = await requestsOf(stack, async () => {
        ({ ms } = await timed(() => make[operation](number)));
      });
      const { ms: floorMs } = await timed(() => makeDirectly[operation](number));
      if (number < WARM_UP) continue;
      times.push(ms);
      floor.push(floorMs);
      requests += asked;
    }
    const actions = await actionsOf(stack, await lastBatch(database));
    singles.push({
      operation,
      writes,
      ms: spreadOf(times),
      floorMs: spreadOf(floor),
      requests: requests / writes,
      actions,
    });
  }
  return singles;
}

async function measureBatch(
  { stack, database, caller, calendarId }: Bench,
  size: number,
): Promise<BatchWrites> {
  const writes = Array.from({ length: size }, (_, number) => {
    const [start, end] = timesOf(number);
    return { operation: 'create', calendarId, title: `Batch ${number}`, start, end };
  });
  let batchId = '';
  let ms = 0;
  const requests = await requestsOf(stack, async () => {
    ({ ms } = await timed(async () => {
      const path = `/events:batch?wait=${BATCH_WAIT_SECONDS}`;
      const answer = await caller.call('POST', path, { writes });
      ({ batchId } = z.object({ batchId: z.string() }).parse(answer));
      for (let pending = 1; pending > 0;)
        ({ pending } = batchSchema.parse(await caller.call('GET', `/event-writes/${batchId}`)));
    }));
  });
  const done = await database.eventWrite.count({ where: { batchId, status: 'done' } });
  if (done !== size) throw new Error(`${done} of ${size} writes were made.`);
  return { writes: size, seconds: ms / 1_000, requests, actions: await actionsOf(stack, batchId) };
}

/** Writes through the API, one after the other and in one request, with the emulator alone beside it. */
export async function measureWrites({ writes, batch }: WritesOptions): Promise<WritesReport> {
  return withStack(async (stack) => {
    const account = await generateAccount(stack, CALENDAR);
    return withDatabase(stack, async (database, target) => {
      await connectAccount(stack, database, WORKSPACE_ID, account);
      await changeWorkspace(database, WORKSPACE_ID, { writing: true });
      await stack.startWorker(target.url, { environment: ENVIRONMENT });
      const api = await stack.startApi(target.url, { environment: ENVIRONMENT });
      await timeSync(stack.temporal, WorkflowType.incrementalSync, WORKSPACE_ID);
      const { id: calendarId } = await database.calendar.findFirstOrThrow();
      const keys = { database, now: () => new Date() };
      const { key } = await createApiKey(keys, { name: 'bench', workspaceId: WORKSPACE_ID });
      const caller = new Caller(api.url, key);
      const direct = await GoogleDirectly.of(stack.emulatorUrl, account);
      const bench = { stack, database, caller, direct, calendarId };
      const { progress } = stack;
      const singles = await progress.step('Single writes', () => measureSingles(bench, writes));
      return {
        singles,
        batch: await progress.step(`A batch of ${batch}`, () => measureBatch(bench, batch)),
      };
    });
  });
}
