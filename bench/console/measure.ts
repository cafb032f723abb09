import { createApiKey } from '../../services/keys/api-keys.ts';
import { percentile } from '../support/statistics.ts';
import { withStack } from '../support/stack.ts';
import { withDatabase } from '../support/workspace.ts';
import { type BrowserReport, measureBrowser } from './browser.ts';
import { seedListedWorkspaces } from './seed.ts';

/** High enough that no request is refused. */
const API_REQUESTS_PER_MINUTE = '6000000';
/** Connections open and code is compiled meanwhile: not counted. */
const WARM_UP_REQUESTS = 20;

const LISTS = [
  ['100 rows', '?limit=100'],
  ['100 rows with health', '?limit=100&withHealth=true'],
  ['200 rows with health, as the console asks', '?limit=200&withHealth=true'],
  ['100 rows that are failing', '?limit=100&withHealth=true&health=failing'],
] as const;

interface ConsoleOptions {
  workspaces: number;
  requests: number;
  visits: number;
}

export interface ConsoleReport extends ConsoleOptions {
  lists: { name: string; p50Ms: number; p95Ms: number }[];
  browser: BrowserReport;
}

/** Times requests one after the other, to their last byte. Each page begins elsewhere. */
async function timeList(url: string, key: string, query: string, requests: number): Promise<number[]> {
  const took: number[] = [];
  let cursor: string | null = null;
  for (let request = -WARM_UP_REQUESTS; request < requests; request += 1) {
    const startedAt = performance.now();
    const from: string = cursor === null ? '' : `&cursor=${cursor}`;
    const response = await fetch(`${url}/api/v1/workspaces${query}${from}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`The API answered ${response.status}.`);
    cursor = response.headers.get('x-next-cursor');
    if (request >= 0) took.push(performance.now() - startedAt);
  }
  return took;
}

/** The list of workspaces and the console that shows it, over a database of many workspaces. */
export async function measureConsole(options: ConsoleOptions): Promise<ConsoleReport> {
  return withStack((stack) =>
    withDatabase(stack, async (database, target) => {
      const { progress } = stack;
      await progress.step('Entering workspaces', () => seedListedWorkspaces(database, options.workspaces));
      const { key } = await createApiKey({ database, now: () => new Date() }, { name: 'bench' });
      const { url } = await stack.startApi(target.url, { environment: { API_REQUESTS_PER_MINUTE } });
      const lists = [];
      for (const [name, query] of LISTS) {
        const took = await progress.step(name, () => timeList(url, key, query, options.requests));
        lists.push({ name, p50Ms: percentile(took, 0.5), p95Ms: percentile(took, 0.95) });
      }
      const browser = await progress.step('Visiting the console', () =>
        measureBrowser({ url, key, ...options }),
      );
      return { ...options, lists, browser };
    }),
  );
}
