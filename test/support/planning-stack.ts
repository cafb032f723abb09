import type { PlanRequest } from '../../contracts/planning.ts';
import type { PlanResult } from '../../contracts/plan-result.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { smartScheduleWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { EventResource } from '../../emulator/admin.ts';
import type { SyncStack } from './sync-stack.ts';
import type { WorkflowStack } from './workflow-stack.ts';

type PlanWorkflow = (input: PlanRequest) => Promise<PlanResult>;

/** Starts a planning run as the plain Temporal CLI does. */
export async function startPlan({ temporal }: WorkflowStack, request: PlanRequest) {
  return temporal.client.workflow.start<PlanWorkflow>(WorkflowType.scheduleWorkspace, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: smartScheduleWorkflowId(request.workspaceId),
    args: [request],
  });
}

export async function runPlan(stack: WorkflowStack, request: PlanRequest): Promise<PlanResult> {
  return (await startPlan(stack, request)).result();
}

/** The next Monday, so that a week of working days lies ahead. */
export function nextMonday(): Date {
  const day = new Date();
  day.setUTCHours(0, 0, 0, 0);
  day.setUTCDate(day.getUTCDate() + ((8 - day.getUTCDay()) % 7 || 7));
  return day;
}

export function hoursAfter(day: Date, hours: number): Date {
  return new Date(day.getTime() + hours * 3_600_000);
}

/** The calendar that Almanac has made for an account, by its name; undefined before there is one. */
export async function ownCalendarId({ google }: SyncStack, email: string): Promise<string | undefined> {
  return (await google.calendars(email)).find(({ summary }) => summary === 'Almanac')?.id;
}

/** Blocks in Google, as `title start–end`, in order of time. */
export async function blocksInGoogle(stack: SyncStack, email: string): Promise<string[]> {
  return (await eventsOf(stack, email)).map(describeEvent).toSorted();
}

export async function eventsOf(stack: SyncStack, email: string): Promise<EventResource[]> {
  const calendarId = await ownCalendarId(stack, email);
  return calendarId === undefined ? [] : stack.google.listEvents(calendarId);
}

export const instantOf = (time: EventResource['start']) =>
  new Date(time?.dateTime ?? time?.date ?? '').toISOString();

function describeEvent({ start, end, summary }: EventResource): string {
  return `${instantOf(start).slice(0, 16)}–${instantOf(end).slice(11, 16)} ${summary}`;
}

/** Blocks as the database has them: what Google should show. */
export async function blocksInDatabase({ database }: SyncStack, workspaceId: string): Promise<string[]> {
  const blocks = await database.scheduledBlock.findMany({
    where: { workspaceId, status: 'written' },
    include: { task: true, habit: true },
  });
  return blocks
    .map(({ startAt, endAt, task, habit }) => {
      const title = task?.title ?? habit?.title;
      return `${startAt.toISOString().slice(0, 16)}–${endAt.toISOString().slice(11, 16)} ${title}`;
    })
    .toSorted();
}

const isTimed = ({ start, end }: EventResource) => Boolean(start?.dateTime && end?.dateTime);

/** Two events of these calendars that overlap right now, described; empty where none do. */
async function doubleBookings(stack: SyncStack, calendarIds: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(calendarIds.map((id) => stack.google.listEvents(id)));
  const events = lists.flat().filter(isTimed);
  return events.flatMap((a, index) =>
    events
      .slice(index + 1)
      .filter((b) => instantOf(a.start) < instantOf(b.end) && instantOf(b.start) < instantOf(a.end))
      .map((b) => `${describeEvent(a)} | ${describeEvent(b)}`),
  );
}

/**
 * Looks at an account's calendars all the time while `work` runs; answers every double booking that was seen.
 */
export async function watching<T>(
  stack: SyncStack,
  email: string,
  work: () => Promise<T>,
): Promise<{ result: T; seen: string[]; looks: number }> {
  const seen = new Set<string>();
  let looks = 0;
  const done = new AbortController();
  const reader = (async () => {
    while (!done.signal.aborted) {
      const own = await ownCalendarId(stack, email);
      const pairs = await doubleBookings(stack, own === undefined ? [email] : [email, own]);
      for (const pair of pairs) seen.add(pair);
      looks += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  try {
    return { result: await work(), seen: [...seen], looks };
  } finally {
    done.abort();
    await reader;
  }
}
