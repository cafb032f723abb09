import type { Database, Transaction } from './client.ts';
import { TENANT_ROLE } from './tenant-role.ts';

type Transact = (work: unknown, options?: Parameters<Database['$transaction']>[1]) => Promise<unknown>;

/**
 * A handle that reaches one workspace and nothing else, whatever its statements say: each is run as a role that
 * row-level security binds to the workspace, in a transaction of its own or in the one it belongs to. What is not the
 * workspace's is not found, and cannot be written. It costs two statements and a commit more than `database`.
 *
 * @param beforeEach is called before each statement; what it throws ends the work
 *
 * @example
 * const tenant = asWorkspace(database, 'acme');
 * await tenant.calendar.count(); // those of acme
 */
export function asWorkspace(
  database: Database,
  workspaceId: string,
  beforeEach: () => void = () => {},
): Database {
  // One statement, and both settings end with its transaction: the connection goes back to the pool as it was.
  const enter = (within: Database | Transaction) =>
    within.$executeRaw`
      select set_config('almanac.workspace_id', ${workspaceId}, true), set_config('role', ${TENANT_ROLE}, true)`;

  const statements = database.$extends({
    query: {
      async $allOperations({ args, query }) {
        beforeEach();
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
    throw new TypeError('Give a function: a list of statements would be run outside of the workspace.');
  };

  return new Proxy(statements as unknown as Database, {
    get: (target, property) =>
      property === '$transaction' ? transact : (Reflect.get(target, property) as unknown),
  });
}
