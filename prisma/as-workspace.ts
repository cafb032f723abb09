import { bindStatement } from './bound-statement.ts';
import type { Prisma } from './generated/client.ts';
import type { Database, Transaction } from './client.ts';
import { TENANT_ROLE } from './tenant-role.ts';

type Transact = (work: unknown, options?: Parameters<Database['$transaction']>[1]) => Promise<unknown>;

/**
 * A database handle that reaches one workspace only. Every statement runs as a role that row-level security
 * binds to the workspace, in its own transaction or in the surrounding one. Rows of other workspaces cannot be
 * read or written. A raw query costs no round trip more than on `database`; another statement costs two
 * statements and a commit more.
 *
 * @param beforeEach called before each statement outside a transaction, and once per transaction; may throw
 *
 * @example
 * const tenant = asWorkspace(database, 'acme');
 * await tenant.calendar.count(); // only calendars of acme
 */
export function asWorkspace(
  database: Database,
  workspaceId: string,
  beforeEach: () => void = () => {},
): Database {
  // Both settings end with the transaction, so the connection returns to the pool unchanged.
  const enter = (within: Database | Transaction) =>
    within.$executeRaw`
      select set_config('almanac.workspace_id', ${workspaceId}, true), set_config('role', ${TENANT_ROLE}, true)`;

  const statements = database.$extends({
    query: {
      async $allOperations({ operation, args, query }) {
        beforeEach();
        if (operation === '$queryRaw')
          return query(bindStatement({ workspaceId, role: TENANT_ROLE }, args as Prisma.Sql));
        const [, result] = await database.$transaction([enter(database), query(args)]);
        return result;
      },
    },
  });

  const transact: Transact = async (work, options) => {
    if (typeof work === 'function') {
      beforeEach();
      return database.$transaction(async (transaction) => {
        await enter(transaction);
        return work(transaction);
      }, options);
    }
    throw new TypeError('Pass a function: a list of statements would run outside the workspace.');
  };

  return new Proxy(statements as unknown as Database, {
    get: (target, property) =>
      property === '$transaction' ? transact : (Reflect.get(target, property) as unknown),
  });
}
