import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { bookFirstSlot } from './workflows.ts';

const TASK_QUEUE = 'meetings';
const DAY_MS = 86_400_000;

const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

const [workspaceId, calendarId] = process.argv.slice(2);
if (workspaceId === undefined || calendarId === undefined)
  throw new Error('Name a workspace and a calendar.');
const { TEMPORAL_ADDRESS: address = 'localhost:7233', TEMPORAL_NAMESPACE: namespace = 'meetings' } =
  process.env;

const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: TASK_QUEUE,
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
});
const meeting = await worker.runUntil(async () => {
  const temporal = new Client({ connection: await Connection.connect({ address }), namespace });
  return temporal.workflow.execute<typeof bookFirstSlot>('bookFirstSlot', {
    workflowId: `meeting/${calendarId}`,
    taskQueue: TASK_QUEUE,
    args: [
      {
        endpoint: 'almanac',
        workspaceIds: [workspaceId],
        calendarId,
        from: inDays(1),
        to: inDays(8),
        durationMinutes: 30,
      },
    ],
  });
});
process.stdout.write(`${JSON.stringify(meeting)}\n`);
await connection.close();
process.exit();
