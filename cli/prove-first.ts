import { createMirrorProver, DEFAULT_PROOF_WAIT_SECONDS } from '../client/prove-mirror.ts';
import { SECOND_MS } from '../contracts/durations.ts';
import { listEvents } from '../services/reading/list-occurrences.ts';
import { printHint } from '../terminal/output.ts';
import type { CommandContext } from './command-context.ts';

interface Proving {
  workspaceId: string;
  from: string;
  to: string;
  maxAgeSeconds: number;
}

/**
 * Syncs what is older than the caller allows, and says since when the mirror is complete.
 * @throws StaleMirrorError if the syncs fail, or take too long
 */
export async function proveFirst(
  { database, almanac }: CommandContext,
  { workspaceId, maxAgeSeconds, ...range }: Proving,
): Promise<void> {
  const handle = await database();
  // Checks the arguments before anything is synced.
  await listEvents(handle, { workspaceId, ...range, limit: 1 });
  const prover = createMirrorProver({ database: handle, almanac: await almanac() });
  const waitMs = DEFAULT_PROOF_WAIT_SECONDS * SECOND_MS;
  await prover.prove({ workspaceId, maxAgeSeconds, waitMs, source: 'manual' });
  const { proof } = await listEvents(handle, { workspaceId, ...range, limit: 1 });
  printHint(`Shows everything that Google held at ${proof.provenAt ?? 'no time yet'}.`);
}
