import type { Database } from '../prisma/client.ts';
import { createSharedWait, type SharedWait } from '../services/reading/shared-wait.ts';

/** Longest delay until a proof is noticed. Each interval costs one small query, no matter how many wait. */
const LOOK_EVERY_MS = 100;

/** Calendars that have to be proven, every one at or after `since`. */
interface WantedProof {
  ids: readonly string[];
  since: Date;
}

/** Notices when calendars are proven. */
export function createProofWatcher(database: Database): SharedWait<WantedProof> {
  async function look(wanted: readonly WantedProof[]) {
    const all = [...new Set(wanted.flatMap(({ ids }) => ids))];
    const rows = await database.$queryRaw<{ id: string; provenAt: Date | null }[]>`
      select calendar_id::text as id, proven_at as "provenAt"
      from calendar_sync_states where calendar_id = any(${all}::uuid[])`;
    const proofs = new Map(rows.map(({ id, provenAt }) => [id, provenAt?.getTime() ?? 0]));
    return ({ ids, since }: WantedProof) => ids.every((id) => (proofs.get(id) ?? 0) >= since.getTime());
  }
  return createSharedWait(look, LOOK_EVERY_MS);
}
