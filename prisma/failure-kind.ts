import { z } from 'zod';

/** What is wrong with Postgres, or with the way to it. */
export type DatabaseFailureKind =
  /** It refuses connections, has cut one, is starting or stopping. */
  | 'unreachable'
  /** It refuses the user or the password. */
  | 'refused'
  /** It has no database of that name. */
  | 'no-database'
  /** It takes no writes: a standby, or `default_transaction_read_only`. */
  | 'read-only'
  /** It has no connection left. */
  | 'no-connection-left'
  /** Its disk, its memory or a limit of its configuration is used up. */
  | 'full'
  /** It cannot read or write its own files. */
  | 'io-error'
  /** No connection of our own pool became free in time, or a transaction kept one for too long. */
  | 'pool-timeout'
  /** Another transaction came first: a deadlock, or a serialization failure. */
  | 'overtaken'
  /** One statement or transaction was cut for the time it took, or by an administrator. */
  | 'canceled'
  /** A table or a column is missing. */
  | 'schema-outdated'
  /** Whatever else Postgres has against a statement or its values. */
  | 'other';

/**
 * Kinds that no statement of a calendar, workspace or request can bring about: whatever met one succeeds when Postgres
 * is well again. `canceled` is none, for the server goes on answering all others: what takes too long each time has
 * to be seen.
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

/** By SQLSTATE, or by its class. Messages decide nothing: `lc_messages` has them in any language. */
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

/** Poolers use it to turn a connection away, which ends it; Postgres for a statement that is malformed, which does not. */
const PROTOCOL_VIOLATION = '08P01';

/** By kinds of the driver adapter, which gives no SQLSTATE to what Postgres has not said. */
const BY_ADAPTER_KIND: Readonly<Record<string, DatabaseFailureKind>> = {
  DatabaseNotReachable: 'unreachable',
  ConnectionClosed: 'unreachable',
  SocketTimeout: 'unreachable',
  TlsConnectionError: 'unreachable',
};

/** Prisma's codes for a pool without a free connection, and for a transaction that has run out of its time. */
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

/** What kind of failure Postgres, or the way to it, has reported; undefined where the error is another's. */
export function databaseFailureKind(error: unknown): DatabaseFailureKind | undefined {
  const cause = errorSchema.safeParse(error).data;
  if (cause === undefined) return poolErrorSchema.safeParse(error).success ? 'pool-timeout' : undefined;
  const { kind, originalCode: state, severity } = cause;
  if (state === undefined) return BY_ADAPTER_KIND[kind] ?? 'other';
  if (state === PROTOCOL_VIOLATION && severity === 'ERROR') return 'other';
  return BY_SQLSTATE[state] ?? BY_SQLSTATE[state.slice(0, CLASS_LENGTH)] ?? 'other';
}

/** Whether Postgres is away, or does not do for the moment what it is there for: the same may succeed later. */
export function isDatabaseOutage(kind: DatabaseFailureKind | undefined): boolean {
  return kind !== undefined && OUTAGES.includes(kind);
}
