import { createDatabase } from '../../dev/postgres/create-database.ts';
import type { PostgresServer } from '../../dev/postgres/start-postgres.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { migrate } from '../../prisma/migrate.ts';

const TEMPLATE = 'bench_template';
/** Statements that hold this are the benchmark's own, and do not count. */
export const OWN = '/* bench */';

/** Counts of `pg_stat_statements` in one database. */
interface StatementCounts {
  /** Statements other than transaction control. */
  statements: number;
  /** `BEGIN`, `COMMIT`, `ROLLBACK`. */
  transactionControl: number;
  /** Time Postgres spent executing statements. */
  executionMs: number;
}

export interface BenchDatabase {
  name: string;
  url: string;
}

/** Fresh databases, and what the server knows of them. */
export class DatabaseServer {
  private readonly maintenance: Database;
  private readonly postgres: PostgresServer;
  private created = 0;

  private constructor(postgres: PostgresServer, maintenance: Database) {
    this.postgres = postgres;
    this.maintenance = maintenance;
  }

  static async create(postgres: PostgresServer): Promise<DatabaseServer> {
    await createDatabase(postgres.databaseUrl('postgres'), TEMPLATE);
    await migrate(postgres.databaseUrl(TEMPLATE));
    const maintenance = createPrismaClient({ databaseUrl: postgres.databaseUrl('postgres'), poolSize: 1 });
    await maintenance.$executeRaw`create extension pg_stat_statements`;
    return new DatabaseServer(postgres, maintenance);
  }

  /**
   * A migrated, empty database. The checkpoint keeps the run before from being written out during this one.
   */
  async freshDatabase(): Promise<BenchDatabase> {
    const name = `bench_${this.created++}`;
    await this.maintenance.$executeRawUnsafe(`create database ${name} template ${TEMPLATE}`);
    await this.maintenance.$executeRaw`checkpoint`;
    return { name, url: this.postgres.databaseUrl(name) };
  }

  async drop({ name }: BenchDatabase): Promise<void> {
    await this.maintenance.$executeRawUnsafe(`drop database ${name} with (force)`);
  }

  async resetCounts({ name }: BenchDatabase): Promise<void> {
    await this.maintenance.$queryRaw`
      select pg_stat_statements_reset(0, oid, 0)::text from pg_database where datname = ${name}`;
  }

  async counts({ name }: BenchDatabase): Promise<StatementCounts> {
    const [row] = await this.maintenance.$queryRaw<StatementCounts[]>`
      select
        coalesce(sum(calls) filter (where not control), 0)::float8 as "statements",
        coalesce(sum(calls) filter (where control), 0)::float8 as "transactionControl",
        coalesce(sum(total_exec_time), 0)::float8 as "executionMs"
      from (
        select s.*, query ~* '^(begin|commit|rollback)' as control
        from pg_stat_statements s join pg_database d on d.oid = s.dbid
        where d.datname = ${name} and position(${OWN} in query) = 0
      ) counted`;
    return row ?? { statements: 0, transactionControl: 0, executionMs: 0 };
  }

  /** Sets the interval of autovacuum in seconds; null: the server's default of a minute. */
  async setAutovacuumInterval(seconds: number | null): Promise<void> {
    const change = seconds === null ? 'reset autovacuum_naptime' : `set autovacuum_naptime = '${seconds}s'`;
    await this.maintenance.$executeRawUnsafe(`alter system ${change}`);
    await this.maintenance.$queryRaw`select pg_reload_conf()`;
  }

  /**
   * Bytes that the server has ever written to its log: of all databases, with what vacuum and checkpoints
   * add.
   */
  async walPosition(): Promise<number> {
    const [row] = await this.maintenance.$queryRaw<{ bytes: number }[]>`
      select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as bytes`;
    return row?.bytes ?? 0;
  }

  /** The statements that took most time. */
  async costliest({ name }: BenchDatabase, limit: number): Promise<CostlyStatement[]> {
    return this.maintenance.$queryRaw<CostlyStatement[]>`
      select calls::int as calls, round(total_exec_time)::int as ms, rows::int as rows,
        left(regexp_replace(query, '\\s+', ' ', 'g'), 100) as query
      from pg_stat_statements s join pg_database d on d.oid = s.dbid
      where d.datname = ${name} and position(${OWN} in query) = 0
      order by total_exec_time desc limit ${limit}::int`;
  }

  async close(): Promise<void> {
    await this.maintenance.$disconnect();
  }
}

export interface CostlyStatement {
  calls: number;
  ms: number;
  rows: number;
  query: string;
}
