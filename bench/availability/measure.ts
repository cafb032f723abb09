import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { untilAnswers } from '../../dev/processes/until-ready.ts';
import type { AvailabilityInput } from '../../services/availability/availability-input.ts';
import type { Availability } from '../../services/availability/availability-answer.ts';
import type { BenchDatabase } from '../support/database-server.ts';
import { processorMs } from '../support/processor-time.ts';
import { type BenchStack, withStack } from '../support/stack.ts';
import { percentile } from '../support/statistics.ts';
import { withDatabase } from '../support/workspace.ts';
import { seedTeam } from './seed.ts';

const BARE_BUSY = fileURLToPath(new URL('./bare-busy-process.js', import.meta.url));
/** Size of the pool in both programs; the API's default. */
const DATABASE_POOL_SIZE = '20';
/** High enough that no request is refused. */
const API_REQUESTS_PER_MINUTE = '6000000';
/** Connections open and code is compiled meanwhile: not counted. */
const WARM_UP_REQUESTS = 100;
const WEEK_MS = 7 * 86_400_000;
const HOUR_MS = 3_600_000;

export interface AvailabilityOptions {
  workspaces: number;
  weeks: number;
  occurrences: number;
  connections: number;
  requests: number;
  cpuProfile?: string;
}

export interface Latency {
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** Processor time of a request, in milliseconds. */
  ownMs: number;
  postgresMs: number;
}

export interface AvailabilityReport extends Omit<AvailabilityOptions, 'cpuProfile'> {
  results: { name: string; answer: string; latency: Latency }[];
}

interface Target {
  url: string;
  pid: number;
  headers: Record<string, string>;
  body: object;
}

async function ask({ url, headers, body }: Target): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${text}`);
  return text;
}

/** Asks from so many connections, each as soon as it is answered. */
async function measureTarget(
  target: Target,
  { connections, requests, postgresPid }: { connections: number; requests: number; postgresPid: number },
): Promise<Latency> {
  const askAll = async (count: number) => {
    const times: number[] = [];
    let left = count;
    const connection = async () => {
      for (; left > 0;) {
        left -= 1;
        const began = performance.now();
        await ask(target);
        times.push(performance.now() - began);
      }
    };
    await Promise.all(Array.from({ length: connections }, connection));
    return times;
  };
  await askAll(WARM_UP_REQUESTS);
  const before = { own: processorMs(target.pid), postgres: processorMs(postgresPid) };
  const times = await askAll(requests);
  return {
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    p99Ms: percentile(times, 0.99),
    ownMs: (processorMs(target.pid) - before.own) / requests,
    postgresMs: (processorMs(postgresPid) - before.postgres) / requests,
  };
}

async function startBareHandler(stack: BenchStack, { url }: BenchDatabase) {
  const port = await getPort();
  const environment = { DATABASE_POOL_SIZE, BARE_PORT: String(port) };
  const part = await stack.startProgram(BARE_BUSY, url, { environment });
  const bareUrl = `http://127.0.0.1:${port}`;
  await untilAnswers(part, `${bareUrl}/readyz`);
  return { url: `${bareUrl}/busy`, pid: part.pids[0] ?? 0 };
}

/** Questions by name, over the weeks to come. */
function questionsOf(workspaceIds: string[], weeks: number): Record<string, AvailabilityInput> {
  const from = Date.now() - (Date.now() % HOUR_MS);
  const windows = [
    { from: new Date(from).toISOString(), to: new Date(from + weeks * WEEK_MS).toISOString() },
  ];
  const base = { workspaceIds, windows };
  const half = Math.ceil(workspaceIds.length / 2);
  return {
    'busy times': base,
    'slots for all': { ...base, slots: { durationMinutes: 30 } },
    'slots for half of them, blocks may move': {
      ...base,
      movable: 'ask',
      slots: {
        durationMinutes: 30,
        bufferBeforeMinutes: 10,
        bufferAfterMinutes: 10,
        groups: [{ workspaceIds, atLeast: half }],
        prefer: ['fewestMoves', 'mostPeople', 'middleOfHours'],
        most: 50,
      },
    },
  };
}

function describeAnswer(text: string): string {
  const { people, slots } = JSON.parse(text) as Availability;
  const busy = people.reduce((sum, person) => sum + person.busy.length, 0);
  return `${busy} busy${slots === undefined ? '' : `, ${slots.length} slots`}`;
}

/** Asks the API and the bare handler in turn for the same busy times. */
export async function measureAvailability({
  cpuProfile,
  ...options
}: AvailabilityOptions): Promise<AvailabilityReport> {
  return withStack((stack) =>
    withDatabase(stack, async (database, target) => {
      const { progress, servers } = stack;
      const { workspaceIds, key } = await progress.step('Seeding occurrences', () =>
        seedTeam(database, options.workspaces, options.occurrences),
      );
      const environment = { API_REQUESTS_PER_MINUTE, DATABASE_POOL_SIZE };
      const api = await stack.startApi(target.url, { environment, cpuProfile });
      const bare = await startBareHandler(stack, target);
      const load = { ...options, postgresPid: servers.postgres };
      const results: AvailabilityReport['results'] = [];
      const questions = questionsOf(workspaceIds, options.weeks);
      for (const [name, body] of Object.entries(questions)) {
        const asked = {
          url: `${api.url}/api/v1/availability`,
          pid: api.pids[0] ?? 0,
          headers: { authorization: `Bearer ${key}` },
          body,
        };
        const answer = describeAnswer(await ask(asked));
        const latency = await progress.step(name, () => measureTarget(asked, load));
        results.push({ name, answer, latency });
      }
      const floor = { ...bare, headers: {}, body: questions['busy times']! };
      const { busy } = JSON.parse(await ask(floor)) as { busy: unknown[] };
      const latency = await progress.step('The bare handler', () => measureTarget(floor, load));
      results.push({ name: 'bare: one select of the same rows', answer: `${busy.length} rows`, latency });
      return { ...options, results };
    }),
  );
}
