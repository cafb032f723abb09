import { PrismaPg } from '@prisma/adapter-pg';
import { DriverAdapterError, isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { bindStatements } from './bound-statement.ts';
import { POOL_EXHAUSTED } from './failure-kind.ts';
import { nameStatements } from './prepared-statements.ts';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
type Pool = ReturnType<Adapter['underlyingDriver']>;

/** Codes of errors that occur before a connection to the host is established. */
const NOT_REACHED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * Prisma's adapter for Postgres, with a type for every failure. Prisma's own adapter rethrows unchanged every
 * error of the driver that is neither an answer of Postgres nor one of four socket errors. Most of these are
 * cut connections, and have no code.
 */
export class PostgresAdapter extends PrismaPg {
  /** Error of the last failed statement. */
  lastFailure: Error | undefined;

  constructor(config: ConstructorParameters<typeof PrismaPg>[0]) {
    super(config, { statementNameGenerator: nameStatements() });
  }

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const pool = adapter.underlyingDriver();
    bindStatements(pool);
    const onPool = (error: Error) => this.fail(error, isExhausted(pool));
    // A transaction has its connection already, so it cannot have waited for one.
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

/** After a wait without success the pool is still full; a cut connection has left it. */
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
