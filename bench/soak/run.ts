import { setTimeout as sleep } from 'node:timers/promises';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { createApiKey } from '../../services/keys/api-keys.ts';
import { seedDueWorkspaces } from '../support/due-workspaces.ts';
import { type BenchStack, withStack } from '../support/stack.ts';
import { withDatabase } from '../support/workspace.ts';
import { ageTables } from './age-tables.ts';
import { editCalendar } from './edit.ts';
import { type Fit, fitLine, judge, type Verdict } from './fit.ts';
import { limitOf, type Sample, SOAK_METRICS, type SoakMetric } from './metrics.ts';
import { takeSample } from './sample.ts';

const SAMPLE_EVERY_MS = 10_000;
const MS_PER_MINUTE = 60_000;
const MS_PER_SECOND = 1_000;
const CALENDARS_PER_WORKSPACE = 2;
const API_REQUESTS_PER_TICK = 20;
/** Share of the run that is not counted, in which caches fill, Node's heap settles and connections open. */
const WARM_UP_SHARE = 0.25;

export interface SoakOptions {
  minutes: number;
  tickSeconds: number;
  workspaces: number;
  events: number;
  /** Ticks without a pause before it begins. */
  agedBy: number;
}

export interface SoakReport extends SoakOptions {
  warmUpMinutes: number;
  ticks: number;
  edits: number;
  samples: Sample[];
  slopes: { metric: SoakMetric; fit: Fit; limitPerHour: number; verdict: Verdict }[];
}

/** Mean size of the histories of syncs that began since then. */
async function readHistories({ temporal }: BenchStack, since: Date) {
  const query = `WorkflowType = 'incrementalSync' and StartTime >= '${since.toISOString()}'`;
  let [count, events, bytes] = [0, 0, 0];
  for await (const { historyLength, historySize = 0 } of temporal.workflow.list({ query })) {
    count += 1;
    events += historyLength;
    bytes += historySize;
  }
  return count === 0
    ? {}
    : { 'events of a sync history': events / count, 'bytes of a sync history': bytes / count };
}

async function callApi(url: string, key: string): Promise<void> {
  for (let call = 0; call < API_REQUESTS_PER_TICK; call += 1) {
    const response = await fetch(`${url}/api/v1/workspaces`, { headers: { authorization: `Bearer ${key}` } });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`The API answered ${response.status}.`);
  }
}

/**
 * Ticks, edits and requests at a steady pace, and a sample of everything that must not grow every ten
 * seconds.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { minutes, tickSeconds, workspaces, events, agedBy } = options;
  return withStack((stack) =>
    withDatabase(stack, async (database, target) => {
      const { admin, progress } = stack;
      const calendars = await progress.step('Seeding workspaces', async () => {
        const seeded = await seedDueWorkspaces(
          { ...stack, database },
          { count: workspaces, calendarsPerWorkspace: CALENDARS_PER_WORKSPACE, prefix: 'soak' },
        );
        for (const [seed, { googleCalendarId }] of seeded.entries())
          await admin.generateEvents(googleCalendarId, { count: events, recurringShare: 0.1, seed });
        return seeded;
      });
      const { key } = await createApiKey({ database, now: () => new Date() }, { name: 'soak' });
      const worker = await stack.startWorker(target.url);
      const api = await stack.startApi(target.url);
      const almanac = createAlmanacClient({ temporal: stack.temporal, database });
      const sources = { database, workerPid: worker.pids[0] ?? 0, apiPid: api.pids[0] ?? 0 };

      /** Edits every calendar and syncs them all. */
      const editAndSync = async () => {
        let edits = 0;
        for (const { googleCalendarId } of calendars) edits += await editCalendar(admin, googleCalendarId);
        const since = new Date();
        const began = performance.now();
        const totals = await almanac.waitForSyncAll(await almanac.syncAll({ all: true }));
        const seconds = (performance.now() - began) / MS_PER_SECOND;
        if (totals.failed > 0) throw new Error(`${totals.failed} syncs failed.`);
        return { edits, since, seconds };
      };
      if (agedBy > 0) {
        await progress.step(`Ageing by ${agedBy} ticks`, (note) =>
          ageTables(stack.databases, options, editAndSync, note),
        );
      }

      const samples: Sample[] = [];
      const startedAtMs = Date.now();
      const endMs = startedAtMs + minutes * MS_PER_MINUTE;
      let [ticks, edits] = [0, 0];
      const tick = async () => {
        const synced = await editAndSync();
        await callApi(api.url, key);
        const values = { 'seconds of a tick': synced.seconds, ...(await readHistories(stack, synced.since)) };
        samples.push({ atMs: Date.now(), values });
        ticks += 1;
        edits += synced.edits;
      };
      const sampling = new AbortController();
      const sampleAll = async () => {
        while (!sampling.signal.aborted) {
          samples.push(await takeSample(sources));
          await sleep(SAMPLE_EVERY_MS, undefined, { signal: sampling.signal }).catch(() => undefined);
        }
      };
      await progress.step(`Soaking for ${minutes} min`, async (note) => {
        const sampled = sampleAll();
        try {
          while (Date.now() < endMs) {
            const nextMs = Date.now() + tickSeconds * MS_PER_SECOND;
            await tick();
            note(`${ticks} ticks, ${edits} edits`);
            await sleep(Math.max(0, Math.min(nextMs, endMs) - Date.now()));
          }
        } finally {
          sampling.abort();
          await sampled;
        }
      });
      return report(options, { startedAtMs, ticks, edits, samples });
    }),
  );
}

interface Taken {
  startedAtMs: number;
  ticks: number;
  edits: number;
  samples: Sample[];
}

function report(options: SoakOptions, { startedAtMs, ticks, edits, samples }: Taken): SoakReport {
  const warmUpMinutes = options.minutes * WARM_UP_SHARE;
  const warm = samples.filter(({ atMs }) => atMs >= startedAtMs + warmUpMinutes * MS_PER_MINUTE);
  const slopes = SOAK_METRICS.map((metric) => {
    const points = warm.flatMap(({ atMs, values }) => {
      const value = values[metric];
      return value === undefined ? [] : [{ atMs, value }];
    });
    const fit = fitLine(points);
    const limitPerHour = limitOf(metric, fit.mean);
    return { metric, fit, limitPerHour, verdict: judge(fit, limitPerHour) };
  });
  return { ...options, warmUpMinutes, ticks, edits, samples, slopes };
}
