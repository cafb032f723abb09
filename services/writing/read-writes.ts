import { z } from 'zod';
import { FailureType } from '../../contracts/failure-types.ts';
import {
  WRITE_OPERATIONS,
  WRITE_REFUSALS,
  WRITE_STATUSES,
  type WriteRefusal,
} from '../../contracts/writing.ts';
import type { Database } from '../../prisma/client.ts';
import { NotFoundError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { failureType, uuid } from '../shapes.ts';

export const batchIdSchema = uuid('the writes');

/** Outcome of one write. */
export const writeOutcomeSchema = z.object({
  id: uuid('the write'),
  operation: z.enum(WRITE_OPERATIONS),
  status: z
    .enum(WRITE_STATUSES)
    .describe(
      '`done`: in Google and in the mirror. `refused`: nothing was changed. `failed`: given up after retries, and the last request may have reached Google. `pending`, `sent`: in progress',
    ),
  calendarId: uuid('the calendar'),
  eventId: uuid('the occurrence')
    .optional()
    .describe('The first one that the mirror shows of the event. Absent: it shows none'),
  googleEventId: z.string().optional(),
  etag: z.string().optional().describe('Version of the event after the write'),
  refusal: z.enum(WRITE_REFUSALS).optional().describe('Why it was refused'),
  reason: z.string().optional().describe("Google's word for the refusal"),
  currentEtag: z.string().optional().describe('With `changed`: the version that the event has'),
  error: failureType,
});
export type WriteOutcome = z.infer<typeof writeOutcomeSchema>;

interface Row {
  id: string;
  operation: WriteOutcome['operation'];
  status: WriteOutcome['status'];
  calendarId: string;
  refusal: string | null;
  reason: string | null;
  version: string | null;
  googleEventId: string | null;
  etag: string | null;
  eventId: string | null;
}

/**
 * Outcomes of the writes of a batch, in their order.
 * @throws NotFoundError when the workspace has no such batch, or it is older than what is kept.
 */
export async function readWrites(
  database: Database,
  workspaceId: string,
  batch: string,
): Promise<WriteOutcome[]> {
  const batchId = parseInput(batchIdSchema, batch, 'write');
  const rows = await database.$queryRaw<Row[]>`
    select w.id::text as id, w.operation, w.status, coalesce(last.calendar_id, w.calendar_id::text) as "calendarId",
      w.refusal, w.google_reason as reason, w.version, last.google_event_id as "googleEventId", last.etag,
      shown.id::text as "eventId"
    from event_writes w
    left join lateral (
      select v ->> 'calendarId' as calendar_id, v ->> 'googleEventId' as google_event_id, v ->> 'etag' as etag
      from jsonb_array_elements(w.applied) with ordinality as a(v, position)
      where not (v ->> 'deleted')::boolean and w.status <> 'refused' and not exists (
        select from jsonb_array_elements(w.applied) with ordinality as b(u, later)
        where later > position and (u ->> 'deleted')::boolean
          and u -> 'calendarId' = v -> 'calendarId' and u -> 'googleEventId' = v -> 'googleEventId')
      -- A series that is split leaves its continuation first, which is what was asked for.
      order by position limit 1
    ) last on true
    left join lateral (
      select o.id from workspace_calendar_events o
      where o.calendar_id = last.calendar_id::uuid
        and (o.google_event_id = last.google_event_id or o.source_event_id = last.google_event_id)
      order by o.start_at, o.start_date limit 1
    ) shown on true
    where w.batch_id = ${batchId}::uuid and w.workspace_id = ${workspaceId}
    order by w.position`;
  if (rows.length === 0) throw new NotFoundError(`Workspace ${workspaceId} has no writes ${batchId}.`);
  return rows.map(toOutcome);
}

const FAILURES: readonly string[] = Object.values(FailureType);
const isRefusal = (code: string): code is WriteRefusal => WRITE_REFUSALS.some((known) => known === code);

function toOutcome({ refusal, reason, version, googleEventId, etag, eventId, ...row }: Row): WriteOutcome {
  return {
    ...row,
    ...(eventId !== null && { eventId }),
    ...(googleEventId !== null && { googleEventId }),
    ...(etag !== null && { etag }),
    ...(refusal !== null && isRefusal(refusal) && { refusal }),
    ...(refusal !== null && FAILURES.includes(refusal) && { error: refusal }),
    ...(reason !== null && { reason }),
    ...(version !== null && { currentEtag: version }),
  };
}
