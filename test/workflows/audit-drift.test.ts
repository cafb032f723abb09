import { afterAll, beforeAll, expect, it } from 'vitest';
import { readWorkspaceStatus } from '../../services/reading/status.ts';
import type { AuditInput, AuditResult } from '../../contracts/verification.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { calendarRow } from '../support/mirror.ts';
import { startVerification } from '../support/verification.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
let audits = 0;

beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

async function audit(input?: unknown): Promise<AuditResult> {
  audits += 1;
  const handle = await stack.temporal.client.workflow.start<(input?: AuditInput) => Promise<AuditResult>>(
    WorkflowType.auditDrift,
    {
      taskQueue: TaskQueue.calendarSync,
      workflowId: `audit-${audits}`,
      args: [input as AuditInput],
    },
  );
  return handle.result();
}

async function synced(workspaceId: string): Promise<string> {
  const google = `${workspaceId}@example.com`;
  await stack.connect(workspaceId, google);
  await stack.google.generateEvents(google, { count: 12, recurringShare: 0, seed: 3 });
  await stack.sync(workspaceId);
  return (await calendarRow(stack, google)).id;
}

const stateOf = (calendarId: string) =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });

it('looks at the calendars that have not been verified for longest, records drift and mends nothing', async () => {
  const [one, two, three] = [await synced('one'), await synced('two'), await synced('three')];
  await stack.database.calendarEvent.deleteMany({ where: { calendarId: two } });
  await stack.database.calendarSyncState.update({
    where: { calendarId: three },
    data: { verifiedAt: new Date() },
  });
  const first = await audit({ calendars: 2 });
  expect(first).toMatchObject({
    workspaces: 2,
    calendars: 2,
    inStep: 1,
    drifted: 1,
    undecided: 0,
    sampleDrifted: [{ workspaceId: 'two', calendarId: two }],
  });
  expect(first.differences).toMatchObject({ missing: 12, extra: 0 });
  expect(await stateOf(one)).toMatchObject({ drift: 0 });
  expect((await stateOf(two)).drift).toBeGreaterThanOrEqual(12);
  expect((await stateOf(two)).lastingDrift).toBe(0);
  expect(await stack.database.calendarEvent.count({ where: { calendarId: two } })).toBe(0);

  const verifiedBefore = (await stateOf(three)).verifiedAt?.getTime() ?? 0;
  await audit({ calendars: 1 });
  expect((await stateOf(three)).verifiedAt?.getTime()).toBeGreaterThan(verifiedBefore);
});

it('leaves out calendars that cannot be compared, and workspaces that are being verified', async () => {
  const [fine, failing] = [await synced('fine'), await synced('failing')];
  await stack.database.calendarSyncState.update({ where: { calendarId: failing }, data: { failures: 1 } });
  await stack.google.addFault({ match: { calendarId: 'fine@example.com' }, times: 1, delayMs: 3_000 });
  const running = await startVerification(stack, { workspaceId: 'fine' });
  await expect.poll(() => stack.database.calendarVerification.count()).toBe(1);
  const result = await audit({ calendars: 1_000 });
  expect(result).toMatchObject({ workspaces: 4, calendars: 3, skipped: 1 });
  expect((await running.result()).calendars[0]?.calendarId).toBe(fine);
  expect((await stateOf(failing)).verifiedAt).toBeNull();
});

it('reports what no full sync mends until it is repaired', async () => {
  const altered = await synced('altered');
  const { poll } = stack.dependencies;
  const health = async () => (await readWorkspaceStatus(stack.database, 'altered', { poll })).health;
  await stack.database.$executeRaw`
    update calendar_events set resource = resource || '{"summary": "Another title"}'
    where calendar_id = ${altered}::uuid
      and google_event_id = (select min(google_event_id) from calendar_events where calendar_id = ${altered}::uuid)`;
  await (await startVerification(stack, { workspaceId: 'altered' })).result();
  // The event, and its occurrences.
  expect(await stateOf(altered)).toMatchObject({ drift: 2, lastingDrift: 2 });
  await (await stack.startSync({ workspaceId: 'altered' }, 'full')).result();
  expect(await health()).toBe('drifted');
  await (await startVerification(stack, { workspaceId: 'altered', repair: true })).result();
  expect(await stateOf(altered)).toMatchObject({ drift: 0, lastingDrift: 0 });
  expect(await health()).toBe('healthy');
});

it('gives others their turn where a calendar comes to no result', async () => {
  const [stuck, other] = [await synced('stuck'), await synced('other')];
  await stack.database.calendarSyncState.updateMany({ data: { auditedAt: new Date() } });
  const longAgo = (calendarId: string, days: number) =>
    stack.database.calendarSyncState.update({
      where: { calendarId },
      data: { auditedAt: new Date(Date.now() - days * 86_400_000) },
    });
  await longAgo(stuck, 3);
  await longAgo(other, 2);
  const match = { calendarId: 'stuck@example.com' };
  await stack.google.addFault({ match, times: 10, status: 403, reason: 'forbidden' });
  expect(await audit({ calendars: 1 })).toMatchObject({ calendars: 1, undecided: 1 });
  expect((await stateOf(stuck)).verifiedAt).toBeNull();
  expect(await audit({ calendars: 1 })).toMatchObject({ calendars: 1, inStep: 1 });
  expect((await stateOf(other)).verifiedAt).not.toBeNull();
  await stack.google.clearFaults();
});

it('refuses an input that makes no sense', async () => {
  await expect(audit({ calendars: 0 })).rejects.toMatchObject({ cause: { type: 'InvalidInput' } });
});
