import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { CHANGES_CHANNEL } from '../change-log/changes-channel.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
/** A connection that breaks without a word is noticed after at most this and the answer's time. */
const CHECK_EVERY_MS = 30_000;
const LONGEST_ANSWER_MS = 5_000;

interface ListenOptions {
  databaseUrl: string;
  /** Called for each commit that has extended the change log of a workspace. It must not throw. */
  onChange: (workspaceId: string) => void;
  /**
   * Called each time the listener has connected. Notifications are lost while it is not connected: read now
   * what has been missed.
   */
  onConnected: () => void;
  /** Called with the delay before the next attempt when the connection has ended or was refused. */
  onDisconnected?: (waitMs: number) => void;
  checkEveryMs?: number;
}

/** A connection of its own, beside the pool, that hears of every commit to change logs. */
export interface ChangeListener {
  /** Ends the connection. Nothing is called afterwards. */
  close(): Promise<void>;
}

/**
 * Listens for changes until it is closed, and connects again with growing gaps when Postgres goes away. A
 * notification arrives some milliseconds after its commit, when the changes can be read.
 *
 * `listen` needs a connection that stays: through PgBouncer in transaction mode nothing arrives, so callers
 * also look from time to time.
 */
export function listenForChanges(options: ListenOptions): ChangeListener {
  const stop = new AbortController();
  const listening = keepListening(options, stop.signal);
  return {
    async close() {
      stop.abort();
      await listening;
    },
  };
}

async function keepListening(options: ListenOptions, stop: AbortSignal): Promise<void> {
  let waitMs = FIRST_WAIT_MS;
  const connected = () => {
    waitMs = FIRST_WAIT_MS;
    options.onConnected();
  };
  while (!stop.aborted) {
    await listenOnce(options, connected, stop);
    if (stop.aborted) return;
    options.onDisconnected?.(waitMs);
    await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
}

/** Listens on one connection. Resolves when it has ended, for any reason. */
async function listenOnce(
  { databaseUrl, onChange, checkEveryMs = CHECK_EVERY_MS }: ListenOptions,
  onConnected: () => void,
  stop: AbortSignal,
): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'almanac-changes',
    connectionTimeoutMillis: LONGEST_ANSWER_MS,
    query_timeout: LONGEST_ANSWER_MS,
  });
  const broken = new AbortController();
  const over = AbortSignal.any([stop, broken.signal]);
  client.once('end', () => broken.abort());
  client.on('error', () => broken.abort());
  client.on('notification', ({ channel, payload }) => {
    if (channel === CHANGES_CHANNEL && payload && !stop.aborted) onChange(payload);
  });
  let checks: NodeJS.Timeout | undefined;
  try {
    await client.connect();
    await client.query(`listen ${CHANGES_CHANNEL}`);
    if (over.aborted) return;
    onConnected();
    checks = setInterval(() => void client.query('select 1').catch(() => broken.abort()), checkEveryMs);
    await once(over, 'abort');
  } catch {
    // Refused, or cut while it was connecting: the next attempt follows.
  } finally {
    clearInterval(checks);
    await closeNow(client);
  }
}

/** Ends a connection without waiting for a server that no longer answers. */
async function closeNow(client: Client): Promise<void> {
  const late = setTimeout(() => client.connection.stream.destroy(), LONGEST_ANSWER_MS);
  await client.end().catch(() => undefined);
  clearTimeout(late);
}
