import { PrismaPg } from '@prisma/adapter-pg';
import { DriverAdapterError, isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { POOL_EXHAUSTED } from './failure-kind.ts';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
type Pool = ReturnType<Adapter['underlyingDriver']>;

/** The look-up of the host, or the connection to it, has failed. */
const NOT_REACHED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * Prisma's adapter for Postgres, with a type for every failure. Of what its driver throws, Prisma's hands on as it is
 * whatever Postgres has not said and is none of four errors of a socket: a connection that was cut, above all. Most of
 * that has no code either.
 */
export class PostgresAdapter extends PrismaPg {
  /** What the last statement that failed has failed with. */
  lastFailure: Error | undefined;

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const pool = adapter.underlyingDriver();
    const onPool = (error: Error) => this.fail(error, isExhausted(pool));
    // A transaction has its connection already.
    const onConnection = (error: Error) => this.fail(error, false);
    const start = adapter.startTransaction.bind(adapter);
    const runScript = adapter.executeScript.bind(adapter);
    adapter.startTransaction = async (level) => catchFailures(await start(level).catch(onPool), onConnection);
    adapter.executeScript = (script) => runScript(script).catch(onPool);
    return catchFailures(adapter, onPool);
  }

  private fail(error: Error, waitedInVain: boolean): never {
    this.lastFailure = typed(error, waitedInVain);
    throw this.lastFailure;
  }
}

/** Who waits for a connection in vain finds the pool as full as it was; a connection that is cut has left it. */
function isExhausted(pool: Pool): boolean {
  return pool.totalCount >= pool.options.max && pool.idleCount === 0;
}

function catchFailures<Statements extends Pick<Adapter, 'queryRaw' | 'executeRaw'>>(
  statements: Statements,
  fail: (error: Error) => never,
): Statements {
  const query = statements.queryRaw.bind(statements);
  const execute = statements.executeRaw.bind(statements);
  return Object.assign(statements, {
    queryRaw: (given: Parameters<typeof query>[0]) => query(given).catch(fail),
    executeRaw: (given: Parameters<typeof execute>[0]) => execute(given).catch(fail),
  });
}

function typed(error: Error & { code?: unknown }, waitedInVain: boolean): Error {
  const isDefect = error instanceof TypeError || error instanceof RangeError;
  if (isDefect || isDriverAdapterError(error)) return error;
  if (NOT_REACHED.includes(String(error.code))) {
    return new DriverAdapterError({ kind: 'DatabaseNotReachable' });
  }
  return new DriverAdapterError(
    waitedInVain ? { kind: 'SocketTimeout', originalCode: POOL_EXHAUSTED } : { kind: 'ConnectionClosed' },
  );
}
