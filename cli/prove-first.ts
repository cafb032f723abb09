import { createMirrorProver, DEFAULT_PROOF_WAIT_SECONDS } from '../client/prove-mirror.ts';
import { SECOND_MS } from '../contracts/durations.ts';
import type { CommandContext } from './command-context.ts';

/**
 * Syncs calendars of the workspaces whose proof is older than the caller allows. Check the other arguments
 * before: a command with a malformed one must change nothing.
 * @throws StaleMirrorError if the syncs fail, or take too long
 */
export async function proveFirst(
  { database, almanac }: CommandContext,
  workspaceIds: readonly string[],
  maxAgeSeconds: number,
): Promise<void> {
  const prover = createMirrorProver({
    database: await database(),
    // Temporal is not needed where the proofs are recent enough.
    almanac: { requestSync: async (request) => (await almanac()).requestSync(request) },
  });
  const waitMs = DEFAULT_PROOF_WAIT_SECONDS * SECOND_MS;
  await Promise.all(
    workspaceIds.map(async (workspaceId) =>
      prover.prove({ workspaceId, maxAgeSeconds, waitMs, source: 'manual' }),
    ),
  );
}
