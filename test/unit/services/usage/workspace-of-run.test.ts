import { expect, it } from 'vitest';
import * as ids from '../../../../contracts/workflow-ids.ts';
import { workspaceOfRun } from '../../../../services/usage/workspace-of-run.ts';

it.each([
  ids.calendarSyncWorkflowId('acme'),
  ids.smartScheduleWorkflowId('acme'),
  ids.eventWriteWorkflowId('acme', '1'),
  ids.calendarVerifyWorkflowId('acme'),
  ids.workspaceDeleteWorkflowId('acme'),
  ids.watchRenewalWorkflowId('acme'),
])('finds the workspace of %s', (id) => {
  expect(workspaceOfRun(id)).toBe('acme');
});

it.each([
  ids.deliveryWorkflowId('acme'),
  ids.manualFanOutWorkflowId('acme'),
  ids.partitionWorkflowId('run', 1),
  ids.planPartitionWorkflowId('run', 1),
  'calendar-watch-renewal-2026-11-30T18:18:00Z',
])('finds none of %s', (id) => {
  expect(workspaceOfRun(id)).toBeNull();
});
