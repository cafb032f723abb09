import {
  DIFFERENCE_KINDS,
  type DifferenceKind,
  type DifferenceSummary,
  MAX_EXAMPLES,
} from '../contracts/verification.ts';
import type {
  FinishVerificationInput,
  FinishVerificationResult,
} from '../contracts/verification-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { fenceOf, holdVerification } from '../services/verification/verification-fence.ts';

interface SummaryRow {
  kind: DifferenceKind;
  found: number;
  repaired: number;
  pending: number;
  ids: string[];
}

/**
 * Counts the findings of a calendar's verification and, if it was conclusive, stores them in the sync state.
 */
export function createFinishVerification({ database }: ActivityDependencies) {
  return async function finishVerification(
    input: FinishVerificationInput,
  ): Promise<FinishVerificationResult> {
    const { calendarId, conclusive } = input;
    return database.$transaction(async (transaction) => {
      await holdVerification(transaction, fenceOf(input));
      const rows = await transaction.$queryRaw<SummaryRow[]>`
        select kind, (count(*) filter (where status <> 'pending'))::int as found,
          (count(*) filter (where status = 'repaired'))::int as repaired,
          (count(*) filter (where status = 'pending'))::int as pending,
          coalesce((array_agg(google_event_id order by google_event_id) filter (where status <> 'pending'))[
            :${MAX_EXAMPLES}::int], '{}') as ids
        from calendar_differences where calendar_id = ${calendarId}::uuid group by kind`;
      const byKind = new Map(rows.map((row) => [row.kind, row]));
      const differences = Object.fromEntries(
        DIFFERENCE_KINDS.map((kind) => [kind, toSummary(calendarId, byKind.get(kind))]),
      ) as Record<DifferenceKind, DifferenceSummary>;
      const sum = (field: 'found' | 'repaired' | 'pending') =>
        rows.reduce((total, row) => total + row[field], 0);
      if (conclusive) {
        await transaction.$executeRaw`
          update calendar_sync_states
          set verified_at = now(), drift = ${sum('found') - sum('repaired')}::int, lasting_drift = (
            -- A full sync rewrites events in another version, with their occurrences, and leaves the rest.
            select count(*) from calendar_differences d
            where d.calendar_id = ${calendarId}::uuid and d.kind in ('content', 'occurrences')
              and d.status not in ('pending', 'repaired') and not exists (
                select from calendar_differences e
                where e.calendar_id = d.calendar_id and e.kind in ('missing', 'extra', 'etag')
                  and d.google_event_id in (e.google_event_id, e.series_id)))
          where calendar_id = ${calendarId}::uuid`;
      }
      return { differences, pending: sum('pending') };
    });
  };
}

function toSummary(calendarId: string, row: SummaryRow | undefined): DifferenceSummary {
  const { found, repaired, ids } = row ?? { found: 0, repaired: 0, ids: [] };
  return { found, repaired, examples: ids.map((googleEventId) => ({ calendarId, googleEventId })) };
}
