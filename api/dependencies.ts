import type { Client } from '@temporalio/client';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { Environment } from '../contracts/environment.ts';
import type { Database } from '../prisma/client.ts';
import type { UsageMeter } from '../services/usage/usage-meter.ts';
import type { ChangeHints } from './change-hints.ts';
import type { AlmanacClient } from '../client/almanac-client.ts';

/** Dependencies of the API, created once per process. */
export interface ApiDependencies {
  environment: Environment;
  database: Database;
  temporal: Client;
  almanac: AlmanacClient;
  logger: Logger;
  /** Absent: waits for changes only look from time to time. */
  changeHints?: ChangeHints;
  /** Absent: calls are not counted. */
  usage?: UsageMeter;
  now: () => Date | Promise<Date>;
  /** Folder of the built console. Default: the one beside this program. */
  consoleFolder?: string;
  /** How long an archive of a workspace is kept for clients that are cut off. Default: an hour. */
  archivesKeptForMs?: number;
}

/** Routes of one resource, mounted by `routes/index.ts`. */
export type ApiRoutes = FastifyPluginAsyncZod<{ dependencies: ApiDependencies }>;
