import { randomBytes } from 'node:crypto';
import {
  createDatabaseActivities,
  createDeliveryActivities,
  createGoogleActivities,
  createPlanningActivities,
} from '../../activities/create-activities.ts';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import { createAccessTokens } from '../../services/google/access-tokens.ts';
import { createGoogleCalendar } from '../../services/google/google-calendar.ts';
import { createStretchReader } from '../../services/mirror/poll-stretch.ts';
import { noMetrics } from '../../services/metrics.ts';
import { createGoogleQuota, runningPriority } from '../../services/google/quota.ts';
import { type BufferedMeter, createRequestMeter } from '../../services/google/request-meter.ts';
import { type BufferedUsageMeter, createUsageMeter } from '../../services/usage/usage-meter.ts';
import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { addAccount } from '../../services/accounts/accounts.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import type { EmulatorAdmin } from '../../emulator/admin.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { WORKER_ROLE } from '../../prisma/database-logins.ts';
import { readClock } from '../../prisma/read-clock.ts';
import { createTestDatabase, databaseAs } from './database.ts';
import { startTestEmulator } from './emulator.ts';

const POOL_SIZE = 10;
/** More than any test makes, but for those of the quota. */
const REQUESTS_PER_MINUTE = 600_000;
const USER_REQUESTS_PER_MINUTE = 60_000;

/** Parts of a sync without Temporal: a database, a Google, and activities between them. */
export interface SyncStack {
  /** The owner's: what tests prepare and look into. Activities have the login of workers. */
  database: Database;
  /** Variables that give a worker the same database, keys and Google. */
  environment: Record<string, string>;
  google: EmulatorAdmin;
  dependencies: ActivityDependencies;
  /** Counts the activities' requests to Google. */
  meter: BufferedMeter;
  /** Counts what workspaces use. */
  usage: BufferedUsageMeter;
  activities: ReturnType<typeof createDatabaseActivities> &
    ReturnType<typeof createGoogleActivities> &
    ReturnType<typeof createPlanningActivities> &
    ReturnType<typeof createDeliveryActivities>;
  /** Errors whose words were kept out of the failure. */
  unexpected: unknown[];
  /** Time that activities take for Postgres's clock. Null: that of Postgres. */
  clock: { now: Date | null };
  /** Moves Postgres's clock, for what is computed in SQL as well; null is the server's. */
  setClock(at: Date | null): Promise<void>;
  /**
   * Connects a Google user to a workspace, which is made when it is not there yet. Returns the account's ID.
   */
  connect(workspaceId: string, email: string, timeZone?: string): Promise<string>;
  close(): Promise<void>;
}

export async function startSyncStack({
  userRequestsPerMinute = USER_REQUESTS_PER_MINUTE,
  userWritesPerMinute = userRequestsPerMinute,
}: { userRequestsPerMinute?: number; userWritesPerMinute?: number } = {}): Promise<SyncStack> {
  const [{ prisma: database, setClock, drop }, emulator] = await Promise.all([
    createTestDatabase(),
    startTestEmulator(),
  ]);
  const url = await databaseAs(database, WORKER_ROLE);
  const workers = createPrismaClient({ databaseUrl: url, poolSize: POOL_SIZE });
  const encryptionKey = randomBytes(32).toString('base64');
  const tokenCipher = createTokenCipher([encryptionKey]);
  const accessTokens = createAccessTokens(
    workers,
    tokenCipher,
    {
      clientId: 'almanac-dev',
      clientSecret: 'almanac-dev-secret',
      tokenUrl: `${emulator.url}/token`,
    },
    noMetrics,
  );
  const quota = createGoogleQuota(
    workers,
    { project: REQUESTS_PER_MINUTE, user: userRequestsPerMinute, writes: userWritesPerMinute },
    runningPriority,
  );
  const meter = createRequestMeter(workers);
  const usage = createUsageMeter(workers);
  const unexpected: unknown[] = [];
  const clock: SyncStack['clock'] = { now: null };
  const dependencies: ActivityDependencies = {
    database: workers,
    google: createGoogleCalendar(emulator.url, accessTokens, quota, noMetrics, { meter }),
    oauth: { tokenCipher, revokeUrl: `${emulator.url}/revoke` },
    poll: {
      plainMs: 15 * 60_000,
      withPushMs: 6 * 3_600_000,
      mostMs: 24 * 3_600_000,
    },
    readStretch: createStretchReader(workers, 900_000, 0),
    metrics: noMetrics,
    usage,
    notices: { notifier: { send: async () => undefined }, messagesPerHour: 3_600 },
    notifiers: { tokenCipher, sending: { mail: null, webhooks: { installation: {}, workspaces: {} } } },
    reports: {
      health: { poll: { plainMs: 15 * 60_000, withPushMs: 6 * 3_600_000 }, dailyBudget: 900_000 },
      narrate: null,
    },
    now: async () => clock.now ?? (await readClock(workers)),
    delivery: { tokenCipher, guard: { networks: ['127.0.0.0/8', '::1/128'] } },
    retention: { runLogDays: 90, changeLogDays: 30 },
    push: { address: null },
    reportUnexpected: (error) => unexpected.push(error),
  };
  return {
    database,
    environment: {
      DATABASE_URL: url,
      TOKEN_ENCRYPTION_KEY: encryptionKey,
      GOOGLE_API_ROOT_URL: emulator.url,
      GOOGLE_OAUTH_TOKEN_URL: `${emulator.url}/token`,
      GOOGLE_OAUTH_REVOKE_URL: `${emulator.url}/revoke`,
      GOOGLE_CLIENT_ID: 'almanac-dev',
      GOOGLE_CLIENT_SECRET: 'almanac-dev-secret',
    },
    google: emulator.admin,
    dependencies,
    meter,
    usage,
    activities: {
      ...createDatabaseActivities(dependencies),
      ...createGoogleActivities(dependencies),
      ...createPlanningActivities(dependencies),
      ...createDeliveryActivities(dependencies),
    },
    unexpected,
    clock,
    setClock,
    async connect(workspaceId, email, timeZone = 'Europe/Berlin') {
      const known = await database.workspace.findUnique({ where: { id: workspaceId } });
      if (known === null) await createWorkspace(database, { id: workspaceId, timeZone });
      const { refreshToken } = await emulator.admin.createUser({ email, timeZone });
      return (await addAccount({ database, tokenCipher }, { workspaceId, email, refreshToken })).id;
    },
    async close() {
      await emulator.close();
      await workers.$disconnect();
      await drop();
    },
  };
}
