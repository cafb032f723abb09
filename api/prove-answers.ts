import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createMirrorProver, DEFAULT_PROOF_WAIT_SECONDS } from '../client/prove-mirror.ts';
import { SECOND_MS } from '../contracts/durations.ts';
import { MOST_PROOF_AGE_SECONDS } from '../contracts/limits.ts';
import { RateLimitedError, type StaleCalendar, StaleMirrorError } from '../services/errors.ts';
import { type Proof, proofOf } from '../services/reading/proof.ts';
import type { ApiDependencies } from './dependencies.ts';
import { optionalWholeNumber, wholeNumber } from './schemas.ts';
import { Shares } from './shares.ts';

const LONGEST_WAIT_SECONDS = 30;
/** A waiting request costs an open connection and little else: one query serves all of them. */
const MOST_WAITING = { total: 4_000, perWorkspace: 1_500, perAdminKey: 3_000 };

/** Header of an answer about the mirror, also of a 304, whose body is not sent. */
export const PROOF_HEADER = 'almanac-proven-at';

/** Query parameters of a read that may first bring the mirror up to date. */
export const proofQuery = {
  maxAge: optionalWholeNumber(1, MOST_PROOF_AGE_SECONDS, 'seconds').describe(
    `Greatest age of \`proof.provenAt\` in seconds, at most ${MOST_PROOF_AGE_SECONDS}. Calendars whose proof is older are synced first; 409 with \`stale\` if that fails`,
  ),
  wait: wholeNumber(0, LONGEST_WAIT_SECONDS, DEFAULT_PROOF_WAIT_SECONDS, 'seconds').describe(
    `With \`maxAge\`: longest wait for the syncs, in seconds, at most ${LONGEST_WAIT_SECONDS}. 0 syncs nothing`,
  ),
};

interface Asked {
  workspaceId: string;
  /** Default: every enabled one. */
  calendarIds?: readonly string[] | undefined;
}

interface ProofOptions {
  maxAge?: number | undefined;
  wait: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Brings the mirror up to date where the caller asks for that. Call it before taking a place among the big
     * reads.
     * @throws StaleMirrorError if that fails; RateLimitedError if too many requests of the tenant wait
     */
    proveMirror(reply: FastifyReply, asked: readonly Asked[], options: ProofOptions): Promise<void>;
  }
}

export function proveAnswers(app: FastifyInstance, dependencies: ApiDependencies): void {
  const prover = createMirrorProver(dependencies);
  const waits = new Shares(MOST_WAITING);
  // Waiting requests would keep the service from stopping.
  app.addHook('preClose', async () => prover.close());
  app.decorateRequest('proveMirror', async function proveMirror(this: FastifyRequest, reply, asked, options) {
    const { maxAge, wait } = options;
    if (maxAge === undefined) return;
    const leave = waits.take(this);
    if (leave === null)
      throw new RateLimitedError('Too many requests are waiting for syncs: try again after Retry-After.');
    const leaving = new AbortController();
    const abort = () => leaving.abort();
    reply.raw.once('close', abort);
    try {
      const common = {
        maxAgeSeconds: maxAge,
        waitMs: wait * SECOND_MS,
        source: 'api' as const,
        correlationId: this.id,
        signal: leaving.signal,
      };
      const proving = asked.map(async (one) => prover.prove({ ...one, ...common }));
      const outcomes = await Promise.allSettled(proving);
      const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      const stale = failures.flatMap((one) => (one instanceof StaleMirrorError ? [one.calendars] : []));
      const [other] = failures.filter((one) => !(one instanceof StaleMirrorError));
      if (other !== undefined) throw other;
      if (stale.length > 0) throw new StaleMirrorError(stale.flatMap((of) => shownTo(this, of)));
    } finally {
      reply.raw.off('close', abort);
      leave();
    }
  });
}

/** A workspace's key learns no ID of another workspace: its calendars are one entry, proven as the oldest is. */
function shownTo({ caller }: FastifyRequest, calendars: readonly StaleCalendar[]): StaleCalendar[] {
  const [first] = calendars;
  const isOwn =
    caller === null || caller.scope === 'admin' || caller.scope.workspaceId === first?.workspaceId;
  if (first === undefined || isOwn) return [...calendars];
  const { provenAt } = proofOf(
    calendars.map(({ workspaceId, ...one }) => ({ workspaceId, provenAt: one.provenAt })),
  );
  return [{ workspaceId: first.workspaceId, provenAt, reason: first.reason }];
}

/**
 * Sets the headers of an answer with a proof. The ETag is of its rows alone, and so weak: the proof moves on with
 * every sync, and a client that has the rows needs nothing else.
 * @param rest what the answer says besides its rows and the proof
 */
export function labelProof(reply: FastifyReply, { provenAt }: Proof, rows: Buffer, rest: string): void {
  void reply.header('etag', `W/"${createHash('sha1').update(rows).update(rest).digest('base64')}"`);
  if (provenAt !== null) void reply.header(PROOF_HEADER, provenAt);
}
