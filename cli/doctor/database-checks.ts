import { createTokenCipher } from '../../services/google/token-cipher.ts';
import type { Database } from '../../prisma/client.ts';
import { databaseFailureKind, isDatabaseOutage } from '../../prisma/failure-kind.ts';
import { pendingMigrations } from '../../prisma/migrate.ts';
import { isNotedServer } from '../../prisma/server-identity.ts';
import { API_ROLE, type LoginReach, loginReach, WORKER_ROLE } from '../../prisma/database-logins.ts';
import { grantStatement, TENANT_ROLE, tenantRoleProblem } from '../../prisma/tenant-role.ts';
import { requireVariables, type Variables } from '../../client/environment.ts';
import { withCommand } from '../remedies.ts';
import { type Check, fail, ok, warn } from './check.ts';

const MINIMUM_MAJOR = 14;
const TOKENS_PER_PAGE = 1_000;

export function postgresCheck(open: () => Database): Check {
  return {
    name: 'postgres',
    async run() {
      const [row] = await open().$queryRaw<{ version: number; standby: boolean; readOnly: boolean }[]>`
        select current_setting('server_version_num')::int as version, pg_is_in_recovery() as standby,
          current_setting('transaction_read_only')::boolean as "readOnly"`;
      const major = Math.floor((row?.version ?? 0) / 10_000);
      if (major < MINIMUM_MAJOR) {
        return fail(
          `PostgreSQL ${major} is too old`,
          `Use PostgreSQL ${MINIMUM_MAJOR} or newer: point DATABASE_URL at one.`,
        );
      }
      if (row?.standby)
        return fail('it is a standby, which takes no writes', 'Point DATABASE_URL at its primary.');
      if (row?.readOnly) {
        return fail(
          'it takes no writes: default_transaction_read_only is on',
          'Switch it off for the server, the database and the role, or point DATABASE_URL at the primary.',
        );
      }
      await writeAndForget(open());
      return ok(`PostgreSQL ${major} answers`);
    },
  };
}

/** Allocates and frees some disk space: a server whose disk is full still answers reads. */
async function writeAndForget(database: Database): Promise<void> {
  try {
    await database.$executeRaw`
      create temporary table almanac_doctor on commit drop as select generate_series(1, 10000) as filler`;
  } catch (error) {
    // A role that may not create temporary tables skips this check.
    if (isDatabaseOutage(databaseFailureKind(error))) throw error;
  }
}

export function migrationsCheck(variables: Variables): Check {
  return {
    name: 'migrations',
    async run() {
      const pending = await pendingMigrations(requireVariables(variables, 'DATABASE_URL').DATABASE_URL);
      return pending.length === 0
        ? ok('the schema is up to date')
        : fail(`pending: ${pending.join(', ')}`, 'Run `almanac migrate`.');
    },
  };
}

/** A restored database has lost commits, and a standby that took over may have. */
export function restoresCheck(open: () => Database): Check {
  return {
    name: 'restores',
    async run() {
      const noted = await isNotedServer(open());
      if (noted === null) return ok('it is not known whether the database was restored');
      if (noted) return ok('the database was not restored, as far as Postgres knows');
      return warn(
        'the database was restored, or another server has taken over',
        'Run `almanac restore finish --yes`, or with `--nothing-lost` if no commit is missing.',
      );
    },
  };
}

/** One login for everything is allowed. A login of the API's own must be bound to the tenant role. */
export function rowSecurityCheck(open: () => Database): Check {
  return {
    name: 'row-level security',
    async run() {
      const { user, reach } = await loginReach(open());
      // Workers serve all workspaces, so this login is theirs and the API has another.
      const problem = reach === 'worker' ? null : await tenantRoleProblem(open());
      if (problem !== null) return warn('the API does not start', withCommand(problem));
      if (reach !== 'unbound-api')
        return ok(`requests of the API are bound to their workspace; ${LOGINS[reach](user)}`);
      return warn(
        `${user} reads the events of every workspace without the role ${TENANT_ROLE}`,
        `Have an administrator of the server run \`alter role "${user}" noinherit\`, and from Postgres 16 on \`${grantStatement(user)} with inherit false, set true\`; then run \`almanac migrate\`.`,
      );
    },
  };
}

/** Rights of the user in DATABASE_URL, and which processes need less. */
const LOGINS: Record<Exclude<LoginReach, 'unbound-api'>, (user: string) => string> = {
  superuser: (user) =>
    `${user} is a superuser, which no part of Almanac needs: ${WORKER_ROLE} is enough for workers, ${API_ROLE} for the API`,
  owner: (user) =>
    `${user} owns the tables, which \`almanac migrate\` needs: ${WORKER_ROLE} is enough for workers, ${API_ROLE} for the API`,
  worker: (user) => `${user} reads and writes every row: ${API_ROLE} is enough for the API`,
  api: (user) => `${user} reaches events for one workspace at a time`,
};

export function encryptionKeysCheck(variables: Variables, open: () => Database): Check {
  return {
    name: 'encryption keys',
    async run() {
      const { reach } = await loginReach(open());
      if (reach === 'api' || reach === 'unbound-api')
        return ok(
          'the login of the API reads the tokens of one workspace at a time; run the check with the login of workers',
        );
      const cipher = createTokenCipher(
        requireVariables(variables, 'TOKEN_ENCRYPTION_KEY').TOKEN_ENCRYPTION_KEY,
      );
      const tally = { opened: 0, closed: 0, old: 0 };
      let after: string | undefined;
      do {
        const accounts = await open().calendarAuthToken.findMany({
          where: { id: { gt: after }, status: { not: 'disconnected' } },
          select: { id: true, keyId: true, refreshToken: true },
          orderBy: { id: 'asc' },
          take: TOKENS_PER_PAGE,
        });
        for (const { id, keyId, refreshToken } of accounts) {
          try {
            cipher.open({ keyId, bytes: refreshToken }, id);
            tally.opened += 1;
            if (keyId !== cipher.keyId) tally.old += 1;
          } catch {
            tally.closed += 1;
          }
        }
        after = accounts.length === TOKENS_PER_PAGE ? accounts.at(-1)?.id : undefined;
      } while (after);
      if (tally.closed > 0) {
        return fail(
          `${tally.closed} of ${tally.opened + tally.closed} stored tokens cannot be decrypted`,
          'Add the key that encrypted them to TOKEN_ENCRYPTION_KEY, after a comma, or connect those accounts again.',
        );
      }
      if (tally.old > 0) {
        return warn(
          `${tally.old} of ${tally.opened} stored tokens are encrypted with an older key`,
          'Run `almanac encryption-key rotate`; keep the older key in TOKEN_ENCRYPTION_KEY until then.',
        );
      }
      return ok(`${tally.opened} stored tokens can be decrypted`);
    },
  };
}
