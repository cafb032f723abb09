import autocannon, { type Request } from 'autocannon';
import { processorMs } from '../support/processor-time.ts';
import { percentile } from '../support/statistics.ts';

/** A process that takes requests. */
export interface Server {
  url: string;
  pid: number;
}

export interface Target {
  server: Server;
  /** Sent in turn by each connection, each as soon as the one before is answered. */
  requests: Request[];
}

/** Results of one run, or medians of several. */
export interface Load {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of a request, in milliseconds. */
  ownMs: number;
  postgresMs: number;
}

export interface LoadOptions {
  connections: number;
  seconds: number;
  /** Process ID of the server that all databases are of. */
  postgresPid: number;
}

/** @throws Error unless every request is answered with success. */
export async function load(
  { server: { url, pid }, requests }: Target,
  { connections, seconds, postgresPid }: LoadOptions,
): Promise<Load> {
  const before = { own: processorMs(pid), postgres: processorMs(postgresPid) };
  const result = await autocannon({ url, requests, connections, duration: seconds });
  const { errors, non2xx, latency, '2xx': answered } = result;
  if (errors > 0 || non2xx > 0 || answered === 0) {
    throw new Error(`${url}: ${answered} requests succeeded, ${non2xx} were refused, ${errors} failed.`);
  }
  return {
    perSecond: answered / result.duration,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    ownMs: (processorMs(pid) - before.own) / answered,
    postgresMs: (processorMs(postgresPid) - before.postgres) / answered,
  };
}

/** The median of each figure. */
export function medianOf(loads: readonly Load[]): Load {
  const median = (figure: keyof Load) =>
    percentile(
      loads.map((one) => one[figure]),
      0.5,
    );
  return {
    perSecond: median('perSecond'),
    p50Ms: median('p50Ms'),
    p99Ms: median('p99Ms'),
    ownMs: median('ownMs'),
    postgresMs: median('postgresMs'),
  };
}
