import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../prisma/client.ts';
import { changeSome } from '../fan-out/tick.ts';
import { OWN } from '../support/database-server.ts';
import type { DueCalendar } from '../support/due-workspaces.ts';
import type { BenchStack } from '../support/stack.ts';

const LOOK_EVERY_MS = 500;
const LOST_AFTER_MS = 120_000;

/** Makes all calendars due, with their accounts' calendar lists or without, or nothing at all. */
export async function makeDue(database: Database, what: 'nothing' | 'calendars' | 'lists'): Promise<void> {
  const at = (isDue: boolean) => (isDue ? `'epoch'` : `now() + interval '1 day'`);
  await database.$executeRawUnsafe(
    `update ${OWN} calendar_sync_states set next_sync_at = ${at(what !== 'nothing')}`,
  );
  await database.$executeRawUnsafe(
    `update ${OWN} calendar_auth_tokens set calendar_list_due_at = ${at(what === 'lists')}`,
  );
}

/** Enters an event into every calendar, and waits until push has brought each. */
export async function notifyChanges(
  stack: BenchStack,
  calendars: readonly DueCalendar[],
  database: Database,
): Promise<void> {
  const after = (await database.calendarEvent.count()) + (await changeSome(stack, calendars, 1));
  const deadline = Date.now() + LOST_AFTER_MS;
  while ((await database.calendarEvent.count()) < after) {
    if (Date.now() > deadline) throw new Error('Changes have not arrived.');
    await sleep(LOOK_EVERY_MS);
  }
}

/** Gives every workspace a task, and a policy by which the schedule plans it. */
export async function makePlanned(database: Database): Promise<void> {
  const workspaces = await database.workspace.findMany({ select: { id: true } });
  await database.schedulePolicy.createMany({
    data: workspaces.map(({ id }) => ({ workspaceId: id, autoApply: true })),
  });
  await database.task.createMany({
    data: workspaces.map(({ id }) => ({ workspaceId: id, title: 'Task', durationMinutes: 60 })),
  });
}
