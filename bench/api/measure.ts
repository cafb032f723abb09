import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { untilAnswers } from '../../dev/processes/until-ready.ts';
import type { BenchDatabase } from '../support/database-server.ts';
import { type BenchStack, withStack } from '../support/stack.ts';
import { withDatabase } from '../support/workspace.ts';
import { type Load, load, type LoadOptions, medianOf, type Server } from './load.ts';
import { createScenarios, type Scenario } from './scenarios.ts';
import { seedWorkspace } from './seed.ts';

const BARE_HANDLER = fileURLToPath(new URL('./bare-handler.js', import.meta.url));
/** Size of the pool in both programs; the API's default. */
const DATABASE_POOL_SIZE = '20';
/** High enough that no request is refused. */
const API_REQUESTS_PER_MINUTE = '6000000';
/** Connections open and code is compiled meanwhile: not counted. */
const WARM_UP_SECONDS = 2;

export interface ApiOptions {
  occurrences: number;
  connections: number;
  runs: number;
  seconds: number;
}

export interface ApiReport extends ApiOptions {
  /** Medians of the runs. */
  results: { name: string; rows: number | null; api: Load; bare: Load }[];
}

async function startBareHandler(stack: BenchStack, { url }: BenchDatabase): Promise<Server> {
  const port = await getPort();
  const environment = { DATABASE_POOL_SIZE, BARE_PORT: String(port) };
  const part = await stack.startProgram(BARE_HANDLER, url, { environment });
  const bareUrl = `http://127.0.0.1:${port}`;
  await untilAnswers(part, `${bareUrl}/readyz`);
  return { url: bareUrl, pid: part.pids[0] ?? 0 };
}

async function measureScenario(
  { name, rows, api, bare }: Scenario,
  { runs, ...options }: LoadOptions & { runs: number },
): Promise<ApiReport['results'][number]> {
  const loads: { api: Load[]; bare: Load[] } = { api: [], bare: [] };
  for (const target of [api, bare]) await load(target, { ...options, seconds: WARM_UP_SECONDS });
  for (let run = 0; run < runs; run += 1) {
    loads.api.push(await load(api, options));
    loads.bare.push(await load(bare, options));
  }
  return { name, rows, api: medianOf(loads.api), bare: medianOf(loads.bare) };
}

/** Asks the API and the bare handler in turn, as fast as so many connections can. */
export async function measureApi(options: ApiOptions): Promise<ApiReport> {
  return withStack((stack) =>
    withDatabase(stack, async (database, target) => {
      const { progress } = stack;
      const seeded = await progress.step('Seeding occurrences', () =>
        seedWorkspace(stack, database, options.occurrences),
      );
      const environment = { API_REQUESTS_PER_MINUTE, DATABASE_POOL_SIZE };
      const { url, pids } = await stack.startApi(target.url, { environment });
      const servers = { api: { url, pid: pids[0] ?? 0 }, bare: await startBareHandler(stack, target) };
      const loadOptions = { ...options, postgresPid: stack.servers.postgres };
      const results = [];
      for (const scenario of await createScenarios(servers, seeded)) {
        results.push(await progress.step(scenario.name, () => measureScenario(scenario, loadOptions)));
      }
      return { ...options, results };
    }),
  );
}
