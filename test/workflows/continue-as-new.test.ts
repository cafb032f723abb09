import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { startOwnTemporal } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;

/** Histories continue as new after 40 events here; real ones do after thousands. */
beforeAll(async () => {
  stack = await startWorkflowStack(() =>
    startOwnTemporal({ 'limit.historyCount.suggestContinueAsNew': '40' }),
  );
});
afterAll(() => stack.close());

async function runsOf(workflowId: string): Promise<number> {
  let count = 0;
  for await (const _ of stack.temporal.client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    count += 1;
  return count;
}

describe('a history that grows long', () => {
  it(
    'is continued by a run that syncs the remaining calendars and keeps the results',
    { tags: ['slow'] },
    async () => {
      const google = 'many@example.com';
      await stack.connect('many', google);
      for (let index = 0; index < 12; index += 1) {
        const { id } = await stack.google.createCalendar(google, {
          summary: `Calendar ${index}`,
          timeZone: 'UTC',
        });
        await stack.google.generateEvents(id, { count: 5, seed: index });
      }
      await stack.withWorkers(async () => {
        const result = await stack.sync('many');
        expect(result.success).toBe(true);
        expect(result.calendars).toHaveLength(13);
        expect(new Set(result.calendars.map(({ calendarId }) => calendarId)).size).toBe(13);
        await expect
          .poll(() => runsOf(calendarSyncWorkflowId('many')), { timeout: 10_000 })
          .toBeGreaterThan(1);
      });
      for (const { id } of await stack.google.calendars(google)) await expectMirrorEqualsGoogle(stack, id);
    },
  );

  it('is continued with the accounts that failed and the correlation ID', { tags: ['slow'] }, async () => {
    const google = 'kept@example.com';
    const accountId = await stack.connect('kept', google);
    for (let index = 0; index < 12; index += 1)
      await stack.google.createCalendar(google, { summary: `Calendar ${index}`, timeZone: 'UTC' });
    await stack.withWorkers(async () => {
      await stack.sync('kept');
      await stack.database.calendarAuthToken.update({
        where: { id: accountId },
        data: { calendarListDueAt: new Date(0) },
      });
      await stack.database.workspaceCalendarSyncLog.deleteMany({ where: { workspaceId: 'kept' } });
      const match = { pathContains: '/calendarList', email: google };
      await stack.google.addFault({ match, times: 100, status: 403, reason: 'forbidden' });
      const handle = await stack.startSync({ workspaceId: 'kept' });
      const result = await handle.result();
      await stack.google.clearFaults();
      expect(result).toMatchObject({
        success: false,
        accounts: [{ accountId, error: FailureType.googleForbidden }],
      });
      expect(result.calendars).toHaveLength(13);
      const rows = await stack.database.workspaceCalendarSyncLog.findMany({
        where: { workspaceId: 'kept' },
        select: { runId: true, correlationId: true },
      });
      expect(new Set(rows.map(({ runId }) => runId)).size).toBeGreaterThan(1);
      expect(new Set(rows.map(({ correlationId }) => correlationId))).toEqual(
        new Set([handle.firstExecutionRunId]),
      );
    });
  });

  it(
    'is continued by a partition that goes on after the last workspace, and syncs each once',
    { tags: ['slow'] },
    async () => {
      const ids = Array.from({ length: 30 }, (_, index) => `page-${String(index).padStart(2, '0')}`);
      for (const id of ids) await stack.connect(id, `${id}@example.com`);
      await stack.withWorkers(async () => {
        const result = await (await stack.startFanOut({ workspaceIds: ids })).result();
        expect(result).toMatchObject({ succeeded: 30, failed: 0, skipped: 0 });
      });
      expect(
        await stack.database.workspaceCalendarSyncLog.count({
          where: { workspaceId: { startsWith: 'page-' } },
        }),
      ).toBe(30);
    },
  );
});
