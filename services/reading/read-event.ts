import type { EventDetail } from '../../contracts/event-details.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { NotFoundError } from '../errors.ts';
import { parseInput, workspaceIdSchema } from '../input.ts';
import { requireWorkspace, eventDetailSchema } from '../workspaces.ts';
import { EVENT_FIELDS, occurrenceSchema } from './list-occurrences.ts';
import { occurrenceJson } from './occurrence-json.ts';
import { type Proof, proofOf, proofSchema } from './proof.ts';
import { RICH_SOURCES, richFieldsSchema } from './rich-fields.ts';
import { uuid } from '../shapes.ts';

export const eventIdSchema = uuid('the occurrence');

/** Everything that is kept of an occurrence, its event and its series. */
export const eventSchema = occurrenceSchema.extend(richFieldsSchema.shape).extend({
  detail: eventDetailSchema.describe('What is kept of the events of its calendar'),
  proof: proofSchema.describe('Since when the answer is complete'),
});

/**
 * One occurrence and its proof. The occurrence is JSON text in the form of `eventSchema` without `proof`.
 * @throws NotFoundError when the workspace has no such occurrence, or has disabled its calendar
 */
export async function readEvent(
  database: Database | Transaction,
  workspaceId: string,
  eventId: string,
): Promise<{ event: string; proof: Proof }> {
  const workspace = parseInput(workspaceIdSchema, workspaceId, 'workspace');
  const id = parseInput(eventIdSchema, eventId, 'event');
  const [row] = await database.$queryRaw<
    { json: string; detail: EventDetail; calendarId: string; provenAt: Date | null }[]
  >`
    select ${occurrenceJson(workspace, EVENT_FIELDS)} as json, s.event_detail as detail,
      event.calendar_id::text as "calendarId", s.proven_at as "provenAt"
    from workspace_calendar_events event
    join calendars calendar on calendar.id = event.calendar_id and calendar.enabled
    join calendar_sync_states s on s.calendar_id = event.calendar_id
    ${RICH_SOURCES}
    where event.workspace_id = ${workspace} and event.id = ${id}::uuid`;
  if (row !== undefined) {
    const { json, detail, calendarId, provenAt } = row;
    return {
      event: `${json.slice(0, -1)},"detail":"${detail}"}`,
      proof: proofOf([{ workspaceId: workspace, calendarId, provenAt: provenAt?.toISOString() ?? null }]),
    };
  }
  await requireWorkspace(database, workspace);
  throw new NotFoundError(`Workspace ${workspace} has no event ${id}.`);
}
