import type { Client } from '@temporalio/client';

/** Numbers of events of one run that concern messages. */
interface MessageCounts {
  accepted: number;
  answered: number;
  signals: number;
}

/** Counts the messages of each run of a workflow ID, newest run first. */
export async function messagesOfRuns(temporal: Client, workflowId: string): Promise<MessageCounts[]> {
  const runs: MessageCounts[] = [];
  for await (const { runId } of temporal.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    const count = (isOne: (event: NonNullable<typeof events>[number]) => unknown) =>
      (events ?? []).filter((event) => Boolean(isOne(event))).length;
    runs.push({
      accepted: count((event) => event.workflowExecutionUpdateAcceptedEventAttributes),
      answered: count((event) => event.workflowExecutionUpdateCompletedEventAttributes),
      signals: count((event) => event.workflowExecutionSignaledEventAttributes),
    });
  }
  return runs;
}
