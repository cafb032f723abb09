import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { createApiKey } from '../../services/keys/api-keys.ts';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import type { ApiDependencies } from '../../api/dependencies.ts';
import { listenOn } from '../../api/listen.ts';
import { createApi } from '../../api/server.ts';
import { type Environment, parseEnvironment } from '../../contracts/environment.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { API_ROLE } from '../../prisma/database-logins.ts';
import { createTestDatabase, databaseAs } from './database.ts';
import { connectTestTemporal, type TestTemporal } from './temporal.ts';

const POOL_SIZE = 10;

interface TestApiOptions {
  /** Database and Temporal server of an existing stack. Default: new ones. */
  stack?: { prisma: Database; temporal: TestTemporal };
  /** Variables that override those of every test server. */
  environment?: Partial<Environment>;
  dependencies?: Partial<ApiDependencies>;
  /** Addresses to listen on. Default: only 127.0.0.1. */
  addresses?: string[];
  /** Timeout of the API's statements, in milliseconds. Default: none. */
  statementTimeoutMs?: number;
}

interface Request {
  method?: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** API key of the request. Default: the admin's. Null: none. */
  key?: string | null;
}

export interface TestAnswer {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON. */
  body: any; // oxlint-disable-line typescript/no-explicit-any -- tests compare it with what they expect
}

export interface TestApi {
  /** Origin, without a slash. */
  url: string;
  /** Database with the owner's login, for preparing and checking. */
  prisma: Database;
  /** Database with the API's login. */
  database: Database;
  temporal: TestTemporal;
  adminKey: string;
  /** Asks over HTTP; `path` begins with a slash. */
  call(path: string, request?: Request): Promise<TestAnswer>;
  /** Creates an API key of the workspace; without a workspace, of an admin. */
  createKey(workspaceId?: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts the API on a free port with its own database and Temporal namespace. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const own = options.stack ? null : await Promise.all([createTestDatabase(), connectTestTemporal()]);
  const { prisma, temporal } = options.stack ?? { prisma: own![0].prisma, temporal: own![1] };
  const adminKey = randomBytes(32).toString('hex');
  const environment: Environment = {
    ...parseEnvironment({
      DATABASE_URL: 'postgresql://test@localhost/test',
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      INTERNAL_TRIGGER_SECRET_KEY: adminKey,
    }),
    ...options.environment,
  };
  const database = createPrismaClient({
    databaseUrl: await databaseAs(prisma, API_ROLE),
    poolSize: POOL_SIZE,
    statementTimeoutMs: options.statementTimeoutMs,
  });
  const app = await createApi({
    environment,
    database,
    temporal: temporal.client,
    almanac: createAlmanacClient({ temporal: temporal.client, database }),
    logger: pino({ level: 'silent' }),
    now: () => new Date(),
    ...options.dependencies,
  });
  const url = await listenOn(app, options.addresses ?? ['127.0.0.1'], 0);

  return {
    url,
    prisma,
    database,
    temporal,
    adminKey,
    async call(path, { method = 'GET', body, headers = {}, key = adminKey } = {}) {
      const answer = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(key !== null && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.includes('json') && text !== '';
      return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
    },
    async createKey(workspaceId) {
      return (await createApiKey({ database: prisma, now: () => new Date() }, { name: 'test', workspaceId }))
        .key;
    },
    async close() {
      await app.close();
      await database.$disconnect();
      if (own) {
        await own[1].close();
        await own[0].drop();
      }
    },
  };
}
