import { Client, Connection } from '@temporalio/client';
import { startSync } from './start-sync.ts';

const [workspaceId = 'acme-berlin', mode] = process.argv.slice(2);
const { TEMPORAL_ADDRESS: address = 'localhost:7233', TEMPORAL_NAMESPACE: namespace = 'default' } =
  process.env;

const connection = await Connection.connect({ address });
const result = await startSync(
  new Client({ connection, namespace }),
  workspaceId,
  mode === 'full' ? mode : 'incremental',
);
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
process.exitCode = result.success ? 0 : 1;
await connection.close();
