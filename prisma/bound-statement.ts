import { AsyncLocalStorage } from 'node:async_hooks';
import type { PrismaPg } from '@prisma/adapter-pg';

type Pool = ReturnType<Awaited<ReturnType<PrismaPg['connect']>>['underlyingDriver']>;

interface Binding {
  workspaceId: string;
  /** Role that row-level security binds to the workspace. */
  role: string;
}

/** Parts of the driver that its types leave out. */
interface Client {
  connection: {
    stream: { cork(): void; uncork(): void };
    parse(statement: { text: string }): void;
    bind(values: { values: string[] }): void;
    execute(portal: object): void;
  };
  /** An answer to several statements is a list. */
  query(config: unknown): Promise<unknown[]>;
}

/** Has no rows, so that the answer has those of the statement alone. */
const BIND = `select where concat(set_config('almanac.workspace_id', $1, true), set_config('role', $2, true)) is null`;

const current = new AsyncLocalStorage<Binding & { isBound: boolean }>();

/**
 * Runs one raw statement bound to a workspace, in one round trip. Without it, the statement, its binding and
 * its transaction take four.
 * @param run sends exactly one statement, outside a transaction
 */
export async function bindStatement<T>(binding: Binding, run: () => PromiseLike<T>): Promise<T> {
  const one = { ...binding, isBound: false };
  const result = await current.run(one, async () => run());
  if (!one.isBound) throw new Error('A statement was not bound to its workspace.');
  return result;
}

/** Makes a pool bind the statements of `bindStatement`. */
export function bindStatements(pool: Pool): void {
  const query = pool.query.bind(pool) as (config: unknown) => Promise<unknown>;
  const bindOrPass = async (config: unknown): Promise<unknown> => {
    const binding = current.getStore();
    if (binding === undefined) return query(config);
    if (binding.isBound) throw new Error('Only one statement can be bound at a time.');
    binding.isBound = true;
    return queryBound(pool, binding, config);
  };
  pool.query = bindOrPass as Pool['query'];
}

async function queryBound(pool: Pool, binding: Binding, config: unknown): Promise<unknown> {
  const client = await pool.connect();
  // As the pool does: a connection with an error is closed.
  let failure: Error | undefined;
  const onError = (error: Error) => (failure = error);
  client.on('error', onError);
  try {
    return await sendBound(client as unknown as Client, binding, config);
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    client.off('error', onError);
    client.release(failure);
  }
}

/**
 * Postgres runs what it receives before a Sync message as one transaction, and ignores the rest of it after an
 * error. So both settings end with the statement, and the statement never runs without them.
 */
async function sendBound(client: Client, { workspaceId, role }: Binding, config: unknown): Promise<unknown> {
  const { connection } = client;
  connection.stream.cork();
  connection.parse({ text: BIND });
  connection.bind({ values: [workspaceId, role] });
  connection.execute({});
  // An idle client sends at once, and ends with Sync. Each of both statements has a result.
  const answer = client.query(config);
  connection.stream.uncork();
  const [, result] = await answer;
  return result;
}
