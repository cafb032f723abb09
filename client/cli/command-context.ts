import type { Client } from '@temporalio/client';
import type { AlmanacClient } from '../almanac-client.ts';
import type { Database } from '../../prisma/client.ts';
import { loadDotEnv, loadVariables, requireVariables, type Variables } from '../environment.ts';
import { describeFailure, explainError } from './explain-error.ts';
import { ExitCode } from './exit-code.ts';
import type { CommandSettings, CommonOptions } from './run-command.ts';

/** A command needs one connection, and a second where it reads while it streams. */
const POOL_SIZE = 2;

/** What the body of a command works with. Connections are opened on first use and closed after the command. */
export interface CommandContext {
  json: boolean;
  variables: Variables;
  database: () => Database;
  temporal: () => Promise<Client>;
  almanac: () => Promise<AlmanacClient>;
}

export async function executeCommand(
  options: CommonOptions,
  body: (context: CommandContext) => Promise<number | void>,
  { ownStack = false }: CommandSettings,
): Promise<number> {
  const variables: Variables = process.env;
  const closing: (() => Promise<void>)[] = [];
  try {
    if (ownStack) loadDotEnv(process.cwd(), variables);
    else await loadVariables(process.cwd(), variables);
    const { createPrismaClient } = await import('../../prisma/client.ts');
    let database: Database | undefined;
    let temporal: Promise<Client> | undefined;
    const context: CommandContext = {
      json: options.json ?? false,
      variables,
      database: () => {
        if (database) return database;
        const { DATABASE_URL } = requireVariables(variables, 'DATABASE_URL');
        const opened = createPrismaClient({ databaseUrl: DATABASE_URL, poolSize: POOL_SIZE });
        closing.push(() => opened.$disconnect());
        return (database = opened);
      },
      temporal: () =>
        (temporal ??= (async () => {
          const { connectTemporal, temporalSettings } = await import('../temporal-client.ts');
          const connected = await connectTemporal(temporalSettings(variables));
          closing.push(() => connected.connection.close());
          return connected;
        })()),
      almanac: async () => {
        const { createAlmanacClient } = await import('../almanac-client.ts');
        return createAlmanacClient({ temporal: await context.temporal(), database: context.database() });
      },
    };
    return (await body(context)) ?? ExitCode.ok;
  } catch (error) {
    const { message, exitCode } = explainError(error, variables);
    process.stderr.write(`${message}\n`);
    if (options.verbose || variables['DEBUG']) process.stderr.write(`${describeFailure(error, variables)}\n`);
    return exitCode;
  } finally {
    await Promise.allSettled(closing.map((close) => close()));
  }
}
