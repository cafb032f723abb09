import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventWriting, LUNCH, type WritableWorkspace } from '../support/event-writing.ts';
import { runCli } from '../support/run-cli.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
let env: Record<string, string>;
let calendar: WritableWorkspace;
const { connect, eventsAt } = eventWriting(() => stack);

beforeAll(async () => {
  stack = await startServedStack();
  const { address, namespace } = stack.temporal;
  env = { ...stack.environment, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
  calendar = await connect('acme');
});
afterAll(() => stack.close());

const event = (args: string[], input?: string) =>
  runCli(['event', ...args, '--json'], { env, ...(input !== undefined && { input }) });
const json = async (args: string[], input?: string) => JSON.parse((await event(args, input)).stdout);

describe('almanac event', () => {
  it('creates, changes, answers and deletes an event, in Google at once', async () => {
    const times = ['--start', LUNCH.start, '--end', LUNCH.end];
    const guests = ['--attendee', 'ada@example.org,acme@example.com'];
    const created = await json([
      'create',
      'acme',
      calendar.calendarId,
      '--title',
      'Lunch',
      ...times,
      ...guests,
    ]);
    expect(created).toMatchObject({ status: 'done', operation: 'create' });
    const { eventId } = created;
    await json(['change', 'acme', eventId, '--title', 'Brunch', '--location', 'Room 1', '--free']);
    const answered = await json(['answer', 'acme', eventId, 'accepted', '--comment', 'Gladly']);
    expect(answered).toMatchObject({ status: 'done', eventId });
    expect(await eventsAt(calendar.google)).toMatchObject([
      {
        summary: 'Brunch',
        location: 'Room 1',
        transparency: 'transparent',
        attendees: [
          { email: 'ada@example.org', responseStatus: 'needsAction' },
          { email: 'acme@example.com', responseStatus: 'accepted', comment: 'Gladly' },
        ],
      },
    ]);
    await json(['change', 'acme', eventId, '--location', 'none', '--attendee', 'none']);
    const [cleared] = await eventsAt(calendar.google);
    expect(cleared).not.toHaveProperty('location');
    await json(['delete', 'acme', eventId]);
    expect(await eventsAt(calendar.google)).toEqual([]);
  });

  it('makes the writes of a file, and fails if one was refused', async () => {
    const { calendarId } = calendar;
    const writes = [1, 2].map((day) => ({
      operation: 'create',
      calendarId,
      title: `Day ${day}`,
      start: `2026-12-0${day}`,
      end: `2026-12-0${day + 1}`,
    }));
    const made = await event(['batch', 'acme', '-'], JSON.stringify(writes));
    expect(made.code).toBe(0);
    const [{ eventId }] = JSON.parse(made.stdout);
    const changes = [
      { operation: 'delete', eventId, ifMatch: '"other"' },
      { operation: 'delete', eventId },
    ];
    const half = await event(['batch', 'acme', '-'], JSON.stringify(changes));
    expect(half.code).toBe(1);
    expect(JSON.parse(half.stdout)).toMatchObject([
      { status: 'refused', refusal: 'changed' },
      { status: 'done' },
    ]);
  });

  it('refuses what is malformed with one sentence, and exits with 2', async () => {
    const malformed = await event(['create', 'acme', calendar.calendarId, '--start', '2026-12-01']);
    expect(malformed).toMatchObject({ code: 2, stdout: '' });
    expect(malformed.stderr).toMatch(/^end must be a date.*\n$/);
    const notJson = await event(['batch', 'acme', '-'], 'lunch');
    expect(notJson).toMatchObject({ code: 2, stderr: 'file must be JSON: a list of writes.\n' });
  });
});
