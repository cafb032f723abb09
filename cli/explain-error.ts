import { inspect } from 'node:util';
import { EnvironmentError } from '../contracts/environment.ts';
import type { Variables } from '../client/environment.ts';
import { databaseFailureKind } from '../prisma/failure-kind.ts';
import { DomainError, ErrorCode } from '../services/errors.ts';
import { grpcFailure, GrpcStatus } from '../services/failure-kinds.ts';
import { ExitCode } from './exit-code.ts';
import { optionName } from './option-name.ts';
import { withCommand } from './remedies.ts';

interface Explanation {
  /** The failure and its remedy, to be shown at the terminal. */
  message: string;
  exitCode: ExitCode;
}

/** Never throws and never shows a secret: unknown errors are shown with `--verbose` only. */
export function explainError(error: unknown, variables: Variables): Explanation {
  if (error instanceof EnvironmentError) return { message: error.message, exitCode: ExitCode.usage };
  if (error instanceof DomainError) return explainDomainError(error);
  const message = explainDatabaseError(error, variables) ?? explainTemporalError(error, variables);
  return {
    message: message ?? `Unexpected failure (${nameOf(error)}): run the command again with --verbose.`,
    exitCode: ExitCode.failed,
  };
}

/** Codes of errors in the command's arguments or the configuration. */
const USAGE: readonly ErrorCode[] = [
  ErrorCode.invalidInput,
  ErrorCode.requiredInput,
  ErrorCode.notConfigured,
];

function explainDomainError(error: DomainError): Explanation {
  const { code, field, remedy } = error;
  const message = field === undefined ? error.message : error.message.replace(field, () => optionName(field));
  return {
    message: withCommand({ message, remedy }),
    exitCode: USAGE.includes(code) ? ExitCode.usage : ExitCode.failed,
  };
}

/** The full error for `--verbose`, with the values of secret variables redacted. */
export function describeFailure(error: unknown, variables: Variables): string {
  const secrets = Object.entries(variables)
    .filter(([name, value]) => value && SECRET_VARIABLE.test(name))
    .flatMap(([, value = '']) => [value, ...value.split(','), ...passwordOf(value)])
    .filter((secret) => secret.length >= SHORTEST_SECRET);
  return secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), inspect(error, { depth: 4 }));
}

const SECRET_VARIABLE = /KEY|SECRET|TOKEN|PASSWORD|DATABASE_URL|WEBHOOK_URL/i;
/** Shorter values are not redacted: they occur too often in ordinary text. */
const SHORTEST_SECRET = 4;

function passwordOf(value: string): string[] {
  return URL.canParse(value) ? [new URL(value).password, decodeURIComponent(new URL(value).password)] : [];
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function explainDatabaseError(error: unknown, variables: Variables): string | undefined {
  const url = variables['DATABASE_URL'];
  const { host, pathname } = URL.canParse(url ?? '') ? new URL(url ?? '') : { host: '?', pathname: '/?' };
  const database = pathname.slice(1);
  switch (databaseFailureKind(error)) {
    case 'unreachable':
      return `Postgres at ${host} does not answer: start it (\`npm start\` starts one), or correct DATABASE_URL.`;
    case 'refused':
      return `Postgres at ${host} rejects the user or the password in DATABASE_URL.`;
    case 'no-database':
      return `Postgres at ${host} has no database ${database}: create it (\`createdb ${database}\`), then run \`almanac migrate\`.`;
    case 'schema-outdated':
      return `The schema of database ${database} at ${host} is missing or out of date: run \`almanac migrate\`.`;
    case 'no-connection-left':
      return `Postgres at ${host} has no connection left: raise max_connections, or the connection limit of the role or the database, or lower DATABASE_POOL_SIZE.`;
    case 'pool-timeout':
      return `No connection of the pool to Postgres at ${host} became free in time: try again, raise DATABASE_POOL_SIZE, or find what keeps Postgres busy.`;
    case 'read-only':
      return `Postgres at ${host} takes no writes: point DATABASE_URL at the primary server, or switch off default_transaction_read_only.`;
    case 'full':
      return `Postgres at ${host} has no disk space or memory left: make room; failed work is then retried.`;
    case 'io-error':
      return `Postgres at ${host} cannot read or write its files: check its log and its disk.`;
    case 'overtaken':
      return `A concurrent transaction on database ${database} conflicted: try again.`;
    case 'canceled':
      return `Postgres at ${host} has canceled a statement that took too long: try again, or look for what keeps Postgres busy.`;
    default:
      return undefined;
  }
}

function explainTemporalError(error: unknown, variables: Variables): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const address = variables['TEMPORAL_ADDRESS'] || 'localhost:7233';
  const namespace = variables['TEMPORAL_NAMESPACE'] || 'default';
  const grpc = grpcFailure(error);
  if (error.name === 'NamespaceNotFoundError' || /^namespace .* is not found/i.test(grpc?.details ?? '')) {
    return `Temporal at ${address} has no namespace ${namespace}: correct TEMPORAL_NAMESPACE, or create it with \`temporal operator namespace create --namespace ${namespace}\`.`;
  }
  switch (grpc?.code) {
    case GrpcStatus.invalidArgument:
      return /search attribute/i.test(grpc?.details ?? '')
        ? `Namespace ${namespace} lacks Almanac's search attributes: run \`almanac schedules apply\`.`
        : undefined;
    case GrpcStatus.deadlineExceeded:
    case GrpcStatus.unavailable:
      return `Temporal at ${address} has stopped answering: try again, or correct TEMPORAL_ADDRESS.`;
    case GrpcStatus.permissionDenied:
    case GrpcStatus.unauthenticated:
      return `Temporal at ${address} refuses the credentials: check TEMPORAL_API_KEY and the TLS variables.`;
    default:
      return undefined;
  }
}
