import type { Client } from '@temporalio/client';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { requireVariables, type Variables } from '../../client/environment.ts';
import { connectTemporal, temporalSettings } from '../../client/temporal-client.ts';
import { type Explain, type Finding, runInOrder } from './check.ts';
import {
  encryptionKeysCheck,
  migrationsCheck,
  postgresCheck,
  restoresCheck,
  rowSecurityCheck,
} from './database-checks.ts';
import { googleCheck, oauthClientCheck } from './google-checks.ts';
import { configurationCheck, nodeCheck } from './local-checks.ts';
import {
  deploymentCheck,
  namespaceCheck,
  schedulesCheck,
  searchAttributesCheck,
  workersCheck,
} from './temporal-checks.ts';

/**
 * Checks an installation from the outside and changes nothing.
 * @param explain turns a check's error into a sentence
 */
export async function examine(variables: Variables, explain: Explain): Promise<Finding[]> {
  const configuration = [configurationCheck(variables), oauthClientCheck(variables)];
  const findings = await Promise.all([
    runInOrder(nodeCheck(process.versions.node), configuration, explain),
    examineDatabase(variables, explain),
    examineTemporal(variables, explain),
    runInOrder(googleCheck(variables), [], explain),
  ]);
  return findings.flat();
}

async function examineDatabase(variables: Variables, explain: Explain): Promise<Finding[]> {
  let database: Database | undefined;
  const open = () => {
    const { DATABASE_URL } = requireVariables(variables, 'DATABASE_URL');
    return (database ??= createPrismaClient({ databaseUrl: DATABASE_URL, poolSize: 1 }));
  };
  try {
    const rest = [
      migrationsCheck(variables),
      restoresCheck(open),
      rowSecurityCheck(open),
      encryptionKeysCheck(variables, open),
    ];
    return await runInOrder(postgresCheck(open), rest, explain);
  } finally {
    await database?.$disconnect();
  }
}

async function examineTemporal(variables: Variables, explain: Explain): Promise<Finding[]> {
  let connecting: Promise<Client> | undefined;
  const connect = () => (connecting ??= connectTemporal(temporalSettings(variables)));
  try {
    const { TEMPORAL_DEPLOYMENT_NAME: deployment, TEMPORAL_WORKER_BUILD_ID: build } = variables;
    const rest = [
      searchAttributesCheck(connect),
      workersCheck(connect),
      ...(deployment && build ? [deploymentCheck(connect, deployment, build)] : []),
      schedulesCheck(connect),
    ];
    return await runInOrder(namespaceCheck(connect), rest, explain);
  } finally {
    const temporal = await connecting?.catch(() => undefined);
    await temporal?.connection.close();
  }
}
