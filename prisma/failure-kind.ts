import { z } from 'zod';

/** Failures of Postgres, or of the connection to it. */
export type DatabaseFailureKind =
  /** Postgres refuses connections, has cut one, is starting or is stopping. */
  | 'unreachable'
  /** Postgres refuses the user or the password. */
  | 'refused'
  /** The database does not exist. */
  | 'no-database'
  /** Postgres accepts no writes: a standby, or `default_transaction_read_only`. */
  | 'read-only'
  /** Postgres has no connection left. */
  | 'no-connection-left'
  /** The disk, the memory or a configured limit of Postgres is exhausted. */
  | 'full'
  /** Postgres cannot read or write its own files. */
  | 'io-error'
  /** No connection of Almanac's own pool became free in time, or a transaction exceeded its time. */
  | 'pool-timeout'
  /** A concurrent transaction came first: a deadlock, or a serialization failure. */
  | 'overtaken'
  /** A statement or transaction was cancelled by its timeout or by an administrator. */
  | 'canceled'
  /** A table or a column is missing. */
  | 'schema-outdated'
  /** Any other error of a statement or its values. */
  | 'other';

/**
 * Kinds that no statement of a calendar, workspace or request can cause: the same work succeeds once Postgres
 * has recovered. `canceled` is not one of them, because the server still answers other statements, and work
 * that always takes too long must be reported.
 */
const OUTAGES: readonly DatabaseFailureKind[] = [
  'unreachable',
  'refused',
  'no-database',
  'read-only',
  'no-connection-left',
  'full',
  'io-error',
  'pool-timeout',
  'overtaken',
];

/** In place of a SQLSTATE: no connection of the pool became free in time. */
export const POOL_EXHAUSTED = 'POOL0';

/** Kinds by SQLSTATE or its class. Messages are ignored, because `lc_messages` sets their language. */
const BY_SQLSTATE: Readonly<Record<string, DatabaseFailureKind>> = {
  '08': 'unreachable',
  '25006': 'read-only',
  '25P03': 'canceled',
  '25P04': 'canceled',
  '28': 'refused',
  '3D000': 'no-database',
  '40001': 'overtaken',
  '40P01': 'overtaken',
  '42703': 'schema-outdated',
  '42P01': 'schema-outdated',
  '53': 'full',
  '53300': 'no-connection-left',
  '57': 'unreachable',
  '57014': 'canceled',
  '58': 'io-error',
  [POOL_EXHAUSTED]: 'pool-timeout',
};
const CLASS_LENGTH = 2;

/**
 * Poolers use it to refuse a connection, with a fatal severity; Postgres uses it for a malformed statement.
 */
const PROTOCOL_VIOLATION = '08P01';

/** Kinds by those of the driver adapter, for failures that Postgres has not reported and without SQLSTATE. */
const BY_ADAPTER_KIND: Readonly<Record<string, DatabaseFailureKind>> = {
  DatabaseNotReachable: 'unreachable',
  ConnectionClosed: 'unreachable',
  SocketTimeout: 'unreachable',
  TlsConnectionError: 'unreachable',
};

/** Prisma's codes for a pool without a free connection, and for a transaction that exceeded its time. */
const POOL_CODES = ['P2024', 'P2028'];

const causeSchema = z.object({
  kind: z.string(),
  originalCode: z.string().optional(),
  severity: z.string().optional(),
});
const errorSchema = z.union([
  z
    .object({ meta: z.object({ driverAdapterError: z.object({ cause: causeSchema }) }) })
    .transform(({ meta }) => meta.driverAdapterError.cause),
  z.object({ name: z.literal('DriverAdapterError'), cause: causeSchema }).transform(({ cause }) => cause),
]);
const poolErrorSchema = z.object({ code: z.enum(POOL_CODES) });

/** Kind of a failure of Postgres or of the connection to it; undefined for any other error. */
export function databaseFailureKind(error: unknown): DatabaseFailureKind | undefined {
  const cause = errorSchema.safeParse(error).data;
  if (cause === undefined) return poolErrorSchema.safeParse(error).success ? 'pool-timeout' : undefined;
  const { kind, originalCode: state, severity } = cause;
  if (state === undefined) return BY_ADAPTER_KIND[kind] ?? 'other';
  if (state === PROTOCOL_VIOLATION && severity === 'ERROR') return 'other';
  return BY_SQLSTATE[state] ?? BY_SQLSTATE[state.slice(0, CLASS_LENGTH)] ?? 'other';
}

/**
 * Whether Postgres is unreachable or temporarily unable to work, so that the same statement may succeed
 * later.
 */
export function isDatabaseOutage(kind: DatabaseFailureKind | undefined): boolean {
  return kind !== undefined && OUTAGES.includes(kind);
}
