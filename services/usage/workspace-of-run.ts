/** Workflow IDs that begin with their kind and a workspace, as `contracts/workflow-ids.ts` makes them. */
const RUN_OF_WORKSPACE =
  /^(?:calendar-sync|smart-schedule|event-write|calendar-verify|workspace-delete|calendar-watch-renewal)\/([A-Za-z0-9_-]{1,64})(?:\/|$)/;

/** Workspace of a run. Null: the run serves none in particular. */
export function workspaceOfRun(workflowId: string): string | null {
  return RUN_OF_WORKSPACE.exec(workflowId)?.[1] ?? null;
}
