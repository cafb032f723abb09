import { createNexusServiceClient } from '@temporalio/workflow';
import { almanacService } from 'almanac/nexus';

interface MeetingInput {
  /** Endpoint that leads to Almanac's namespace and its task queue `calendar-sync`. */
  endpoint: string;
  workspaceIds: string[];
  calendarId: string;
  from: string;
  to: string;
  durationMinutes: number;
}

export interface Meeting {
  start: string;
  end: string;
  eventId: string | undefined;
}

/**
 * Finds the first time at which everybody can come, and writes it into a calendar of the first workspace. Null:
 * there is no such time, or the event was refused.
 */
export async function bookFirstSlot(input: MeetingInput): Promise<Meeting | null> {
  const { endpoint, workspaceIds, calendarId, from, to, durationMinutes } = input;
  const [workspaceId = ''] = workspaceIds;
  const almanac = createNexusServiceClient({ endpoint, service: almanacService });
  // Almanac retries by itself: an operation that takes longer than this has no answer.
  const options = { scheduleToCloseTimeout: '10 minutes' } as const;

  for (const id of workspaceIds) {
    const { success } = await almanac.executeOperation('syncWorkspace', { workspaceId: id }, options);
    if (!success) return null;
  }
  const { slots = [] } = await almanac.executeOperation(
    'availability',
    {
      workspaceIds,
      windows: [{ from, to }],
      slots: { durationMinutes, hours: 'any', prefer: ['earliest'], most: 1 },
    },
    options,
  );
  const [slot] = slots;
  if (slot === undefined) return null;
  const { start, end } = slot;
  // The same request is never a second event, however often the workflow is started.
  const requestId = `first-slot:${calendarId}:${start}`;
  const { done } = await almanac.executeOperation(
    'writeEvent',
    { workspaceId, requestId, write: { operation: 'create', calendarId, title: 'Meeting', start, end } },
    options,
  );
  if (done === 0) return null;
  const { eventId } = await almanac.executeOperation('writeOutcome', { workspaceId, requestId }, options);
  return { start, end, eventId };
}
