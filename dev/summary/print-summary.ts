import Table from 'cli-table3';
import pc from 'picocolors';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { DevSummary, SyncSummary, WorkspaceSummary } from './read-summary.ts';

const HEADS = [
  'workspace',
  'calendars',
  'events',
  'occurrences',
  'sync',
  'mode',
  'upserted',
  'deleted',
  'duration',
];

function row(workspace: WorkspaceSummary, label: string, sync: SyncSummary | null): (string | number)[] {
  const { id, calendars, events, occurrences } = workspace;
  const numbers = sync ? [sync.mode, sync.upserted, sync.deleted, `${sync.ms} ms`] : ['', '', '', ''];
  return [id, calendars, events, occurrences, label, ...numbers];
}

export function summaryTable(workspaces: WorkspaceSummary[]): string {
  const table = new Table({ head: HEADS, style: { head: [], border: [], compact: true } });
  for (const workspace of workspaces) {
    table.push(row(workspace, 'first', workspace.firstSync), row(workspace, 'after edits', workspace.sync));
  }
  return `${table.toString()}\n\n${planTable(workspaces)}`;
}

function planTable(workspaces: WorkspaceSummary[]): string {
  const head = ['workspace', 'blocks placed', 'not placed', 'moved', 'planned in'];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const { id, plan } of workspaces) {
    table.push(
      plan ? [id, plan.placed, plan.unscheduled, plan.moved, `${plan.ms} ms`] : [id, '', '', '', ''],
    );
  }
  return table.toString();
}

/** One line per part of the stack, with its address. */
export function addressLines({
  temporal,
  emulator,
  database,
  metrics,
  api,
  console: signInLink,
  apiKey,
}: Omit<DevSummary, 'ok' | 'workspaces' | 'agenda'>): string[] {
  const entries: [string, string | null][] = [
    ['Temporal', temporal.address],
    ['Web UI', temporal.ui],
    ['Emulator', emulator],
    ['Database', database],
    ['Metrics', metrics],
    ['Console', signInLink ?? `${api}/console/`],
    ['API', `${api}/docs`],
    ['API key', apiKey ?? null],
  ];
  return entries
    .filter(([, address]) => address !== null)
    .map(([name, address]) => `${name.padEnd(9)} ${pc.cyan(address ?? '')}`);
}

/** Commands to paste into another shell. */
export function temporalCommands(
  command: string,
  address: string,
  namespace: string,
  workspaceId: string,
): string[] {
  const flags = `--address ${address}${namespace === 'default' ? '' : ` --namespace ${namespace}`}`;
  const workflowId = calendarSyncWorkflowId(workspaceId);
  const input = JSON.stringify({ workspaceId });
  return [
    `${command} workflow list ${flags} --query "WorkspaceId='${workspaceId}'"`,
    `${command} workflow start ${flags} --type ${WorkflowType.incrementalSync} --task-queue ${TaskQueue.calendarSync} --workflow-id ${workflowId} --input '${input}' --search-attribute 'WorkspaceId="${workspaceId}"'`,
    `${command} workflow show ${flags} --workflow-id ${workflowId}`,
  ];
}
