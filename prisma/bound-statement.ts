import type { PrismaPg } from '@prisma/adapter-pg';
import { Prisma } from './generated/client.ts';

type Pool = ReturnType<Awaited<ReturnType<PrismaPg['connect']>>['underlyingDriver']>;

/** What Prisma's adapter sends, and what matters of it here. */
interface Statement {
  text: string;
}

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
  query(statement: Statement): Promise<unknown[]>;
}

/** Has no rows, so that the answer has those of the statement alone. */
const BIND = `select where concat(set_config('almanac.workspace_id', $1, true), set_config('role', $2, true)) is null`;

/** Not SQL: Postgres refuses a statement that reaches it with its binding unread. */
const MARK = /^@bound (\S*) (\S+)@/;

/**
 * A raw statement that is bound to a workspace in the same round trip. Without it, the statement, its binding
 * and its transaction take four.
 */
export function bindStatement({ workspaceId, role }: Binding, statement: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${Prisma.raw(`@bound ${encodeURIComponent(workspaceId)} ${role}@`)}${statement}`;
}

/** Text of a statement without its binding. */
export function unboundText(text: string): string {
  return text.replace(MARK, '');
}

/** Makes a pool bind the statements of `bindStatement`. */
export function bindStatements(pool: Pool): void {
  const query = pool.query.bind(pool) as (config: unknown) => Promise<unknown>;
  const bindOrPass = async (statement: Statement | string): Promise<unknown> => {
    if (typeof statement === 'string') return query(statement);
    const [mark, workspaceId = '', role = ''] = MARK.exec(statement.text) ?? [];
    if (mark === undefined) return query(statement);
    const binding = { workspaceId: decodeURIComponent(workspaceId), role };
    return queryBound(pool, binding, { ...statement, text: statement.text.slice(mark.length) });
  };
  pool.query = bindOrPass as Pool['query'];
}

async function queryBound(pool: Pool, binding: Binding, statement: Statement): Promise<unknown> {
  const client = await pool.connect();
  // As the pool does: a connection with an error is closed.
  let failure: Error | undefined;
  const onError = (error: Error) => (failure = error);
  client.on('error', onError);
  try {
    return await sendBound(client as unknown as Client, binding, statement);
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
async function sendBound(
  client: Client,
  { workspaceId, role }: Binding,
  statement: Statement,
): Promise<unknown> {
  const { connection } = client;
  connection.stream.cork();
  connection.parse({ text: BIND });
  connection.bind({ values: [workspaceId, role] });
  connection.execute({});
  // An idle client sends at once, and ends with Sync. Each of both statements has a result.
  const answer = client.query(statement);
  connection.stream.uncork();
  const [, result] = await answer;
  return result;
}
