import { randomUUID } from 'node:crypto';
import { WEBHOOK_PATH } from '../../contracts/push.ts';
import { notificationHeaders } from '../support/live-channel.ts';
import { BARE_EVENTS, BARE_SELECT } from './bare-paths.ts';
import type { Server, Target } from './load.ts';
import type { SeededWorkspace } from './seed.ts';

const WEEK_MS = 7 * 86_400_000;
const MOST_PER_PAGE = 1_000;
const UNKNOWN_CHANNELS = 200;

export interface Scenario {
  name: string;
  /** Number of occurrences in the answer; null if the answer has no body. */
  rows: number | null;
  api: Target;
  bare: Target;
}

export interface Servers {
  api: Server;
  bare: Server;
}

function webhookScenario(name: string, { api, bare }: Servers, headers: Record<string, string>[]): Scenario {
  return {
    name,
    rows: null,
    api: {
      server: api,
      requests: headers.map((one) => ({ method: 'POST', path: WEBHOOK_PATH, headers: one })),
    },
    bare: { server: bare, requests: [{ method: 'POST', path: BARE_SELECT }] },
  };
}

async function eventsScenario(
  name: string,
  { api, bare }: Servers,
  { workspaceId, key }: SeededWorkspace,
  to: Date,
): Promise<Scenario> {
  const from = new Date();
  const range = new URLSearchParams({
    from: from.toISOString(),
    to: to.toISOString(),
    limit: String(MOST_PER_PAGE),
  });
  const path = `/api/v1/workspaces/${workspaceId}/events?${range.toString()}`;
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${api.url}${path}`, { headers });
  const { events } = (await response.json()) as { events: unknown[] };
  const rows = events.length;
  const sameRows = new URLSearchParams({ workspaceId, from: from.toISOString(), limit: String(rows) });
  const barePath = `${BARE_EVENTS}?${sameRows.toString()}`;
  const sent = (await (await fetch(`${bare.url}${barePath}`)).json()) as { events: unknown[] };
  if (rows === 0 || sent.events.length !== rows) {
    throw new Error(`${name}: the API answered ${rows} occurrences, the bare handler ${sent.events.length}.`);
  }
  return {
    name,
    rows,
    api: { server: api, requests: [{ method: 'GET', path, headers }] },
    bare: { server: bare, requests: [{ method: 'GET', path: barePath }] },
  };
}

export async function createScenarios(servers: Servers, seeded: SeededWorkspace): Promise<Scenario[]> {
  const unknown = Array.from({ length: UNKNOWN_CHANNELS }, () =>
    notificationHeaders(randomUUID(), 'guessed'),
  );
  const now = Date.now();
  return [
    webhookScenario('notification of a live channel', servers, [seeded.notification]),
    webhookScenario('notification of an unknown channel', servers, unknown),
    await eventsScenario('events of a week', servers, seeded, new Date(now + WEEK_MS)),
    await eventsScenario('a full page of events', servers, seeded, new Date(now + 52 * WEEK_MS)),
  ];
}
