import { createEventWriteClient } from '../../client/event-writes.ts';
import { beginWrites } from '../../services/writing/begin-writes.ts';
import { readWrites, type WriteOutcome } from '../../services/writing/read-writes.ts';
import type { WorkflowStack } from './workflow-stack.ts';

export type Writes = Parameters<typeof beginWrites>[2];

/** A workspace that has enabled writing, with one synced calendar. */
export interface WritableWorkspace {
  workspaceId: string;
  google: string;
  calendarId: string;
}

export const LUNCH = { title: 'Lunch', start: '2026-12-01T12:00:00', end: '2026-12-01T13:00:00' };

/** Writes of events through Temporal, for a stack whose workers serve. */
export function eventWriting(stack: () => WorkflowStack) {
  const client = () => createEventWriteClient(stack().temporal.client);

  async function write(workspaceId: string, writes: Writes, requestId?: string): Promise<WriteOutcome[]> {
    const { database } = stack();
    const batchId = await beginWrites(database, workspaceId, writes, { requestId });
    await client().makeWrites({ workspaceId, batchId });
    return readWrites(database, workspaceId, batchId);
  }

  return {
    client,
    write,

    async connect(workspaceId: string): Promise<WritableWorkspace> {
      const { database, connect, sync } = stack();
      const google = `${workspaceId}@example.com`;
      await connect(workspaceId, google);
      await database.workspace.update({ where: { id: workspaceId }, data: { writing: true } });
      await sync(workspaceId);
      const { id } = await database.calendar.findFirstOrThrow({ where: { workspaceId } });
      return { workspaceId, google, calendarId: id };
    },

    /** Creates a lunch whose guests are told, and returns the ID of its occurrence. */
    async create({ workspaceId, calendarId }: WritableWorkspace, fields = {}): Promise<string> {
      const [created] = await write(workspaceId, [
        { operation: 'create', calendarId, ...LUNCH, sendUpdates: 'all', ...fields },
      ]);
      return created!.eventId!;
    },

    eventsAt: async (google: string) =>
      (await stack().google.listEvents(google)).filter(({ status }) => status !== 'cancelled'),

    /** Mails of a calendar's events, as `invitation ada@example.org`. */
    mailsOf: async (google: string) =>
      (await stack().google.mails())
        .filter(({ calendarId }) => calendarId === google)
        .map(({ to, kind }) => `${kind} ${to}`)
        .toSorted(),
  };
}
