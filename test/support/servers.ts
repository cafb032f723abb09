import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import type { TestProject } from 'vitest/node';
import { createDatabase } from '../../dev/postgres/create-database.ts';
import { createLogins } from '../../dev/postgres/create-logins.ts';
import { startPostgres } from '../../dev/postgres/start-postgres.ts';
import type { Part } from '../../dev/processes/part.ts';
import { createProgress } from '../../dev/progress.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { findServer } from '../../dev/temporal/find-server.ts';
import { startTemporal } from '../../dev/temporal/start-temporal.ts';
import { migrate } from '../../prisma/migrate.ts';
import { bundleWorkflows } from '../../worker/bundle-workflows.ts';

/**
 * One for each test file that asks; creating them at start is fast, later it takes the server seconds to
 * notice.
 */
const NAMESPACES = 128;
const TEMPLATE_DATABASE = 'almanac_template';

/** Addresses of the servers that all integration tests share. */
interface TestServers {
  /** A database of the server, to create others from. */
  maintenanceUrl: string;
  /** A migrated, empty database to clone. */
  templateDatabase: string;
  /** The Temporal CLI, for tests that need a server of their own. */
  temporalCommand: string;
  temporalAddress: string;
  namespaces: string[];
  /** Test processes claim a namespace by making a folder of its name in here. */
  claimsDirectory: string;
  logDirectory: string;
  workflowBundleFile: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    servers: TestServers;
  }
}

/** A throw-away server: what it has not written when the machine stops does not matter. */
const VOLATILE = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
};

async function startTestPostgres(directory: string, logFile: string) {
  const postgres = await startPostgres({
    directory: join(directory, 'postgres'),
    port: await getPort(),
    password: 'test',
    logFile,
    settings: VOLATILE,
  });
  const maintenanceUrl = postgres.databaseUrl('postgres');
  await createDatabase(maintenanceUrl, TEMPLATE_DATABASE);
  await migrate(postgres.databaseUrl(TEMPLATE_DATABASE));
  await createLogins(maintenanceUrl);
  return { postgres, maintenanceUrl };
}

async function writeBundle(file: string): Promise<void> {
  if (!existsSync(join(PROJECT_ROOT, 'workflows', 'index.ts'))) return;
  const { code } = await bundleWorkflows();
  await writeFile(file, code);
}

/**
 * Starts one PostgreSQL and one Temporal server for all integration tests, and bundles the workflows once.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'almanac-test-'));
  // As root, PostgreSQL runs as another user.
  await chmod(directory, 0o755);
  const namespaces = Array.from({ length: NAMESPACES }, (_, index) => `test-${index}`);
  const claimsDirectory = join(directory, 'namespaces');
  const workflowBundleFile = join(directory, 'workflow-bundle.js');
  await mkdir(claimsDirectory);

  const parts: Part[] = [];
  const teardown = async () => {
    await Promise.all(parts.map((part) => part.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const temporalCommand = await findServer(process.env, createProgress());
    const temporal = await startTemporal({
      command: temporalCommand,
      port: await getPort(),
      namespaces,
      logFile: join(directory, 'temporal.log'),
    });
    parts.push(temporal);
    const { postgres, maintenanceUrl } = await startTestPostgres(directory, join(directory, 'postgres.log'));
    parts.push(postgres);
    await writeBundle(workflowBundleFile);
    project.provide('servers', {
      maintenanceUrl,
      templateDatabase: TEMPLATE_DATABASE,
      temporalCommand,
      temporalAddress: temporal.address,
      namespaces,
      claimsDirectory,
      logDirectory: directory,
      workflowBundleFile,
    });
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}
