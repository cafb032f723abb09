import { describe, expect, it } from 'vitest';
import { describeFailure, explainError } from '../../../cli/explain-error.ts';
import {
  InvalidInputError,
  NotConfiguredError,
  NotFoundError,
  WorkspaceNotFoundError,
} from '../../../services/errors.ts';
import { POOL_EXHAUSTED } from '../../../prisma/failure-kind.ts';
import { EnvironmentError } from '../../../contracts/environment.ts';
import { RemedyAction } from '../../../contracts/remedies.ts';

const VARIABLES = {
  DATABASE_URL: 'postgresql://almanac:hunter%402@db.internal:5433/mirror',
  TEMPORAL_ADDRESS: 'temporal.internal:7233',
  TEMPORAL_API_KEY: 'api-key-value',
  TOKEN_ENCRYPTION_KEY: 'newest-key,older-key',
};

const sqlState = (originalCode: string, severity?: string) => ({ kind: 'postgres', originalCode, severity });
const prismaError = (cause: object) =>
  Object.assign(new Error('raw words of the driver'), { meta: { driverAdapterError: { cause } } });
const grpcError = (code: number, details: string) =>
  new Error('raw words of gRPC', { cause: Object.assign(new Error(details), { code, details }) });

describe('an explained error', () => {
  it.each([
    [{ kind: 'DatabaseNotReachable' }, 'Postgres at db.internal:5433 does not answer'],
    [{ kind: 'ConnectionClosed' }, 'Postgres at db.internal:5433 does not answer'],
    [{ kind: 'SocketTimeout', originalCode: POOL_EXHAUSTED }, 'raise DATABASE_POOL_SIZE'],
    [sqlState('28P01'), 'Postgres at db.internal:5433 rejects the user or the password'],
    [sqlState('3D000'), 'has no database mirror: create it'],
    [sqlState('42P01'), 'run `almanac migrate`'],
    [sqlState('25006'), 'takes no writes: point DATABASE_URL at the primary'],
    [sqlState('53100'), 'has no disk space or memory left: make room'],
    [sqlState('53300'), 'has no connection left: raise max_connections'],
    [sqlState('57P03'), 'Postgres at db.internal:5433 does not answer'],
    [sqlState('57014'), 'has canceled a statement'],
    [sqlState('58030'), 'check its log and its disk'],
    [sqlState('40001'), 'try again'],
    [sqlState('08P01', 'FATAL'), 'does not answer'],
    [sqlState('08P01', 'ERROR'), 'Unexpected failure'],
    [sqlState('22012'), 'Unexpected failure'],
  ])('of a database error %j', (cause, expected) => {
    const { message, exitCode } = explainError(prismaError(cause), VARIABLES);
    expect(message).toContain(expected);
    expect(message).not.toContain('hunter');
    expect(exitCode).toBe(1);
  });

  it.each([
    [14, 'connect ECONNREFUSED', 'Temporal at temporal.internal:7233 has stopped answering'],
    [16, 'no', 'refuses the credentials'],
    [5, 'Namespace default is not found.', 'has no namespace default'],
    [
      3,
      'Namespace default has no mapping defined for search attribute WorkspaceId',
      'almanac schedules apply',
    ],
  ])('of gRPC status %i', (code, details, expected) => {
    expect(explainError(grpcError(code, details), VARIABLES).message).toContain(expected);
  });

  it.each(['P2024', 'P2028'])('of a pool in which no connection became free: %s', (code) => {
    const error = Object.assign(new Error('raw words of Prisma'), { code });
    expect(explainError(error, VARIABLES).message).toMatch(
      /^No connection of the pool .* DATABASE_POOL_SIZE/,
    );
  });

  it('of bad input, by the name of the option and with exit code 2', () => {
    expect(explainError(new InvalidInputError('timeZone', 'must be a zone'), {})).toEqual({
      message: 'time-zone must be a zone.',
      exitCode: 2,
    });
  });

  it.each([
    ['calendarIds.0', 'calendar'],
    ['workspaceId', 'workspace'],
    ['days.1', 'day'],
    ['days', 'days'],
    ['minChunkMinutes', 'min-chunk'],
    ['granularityMinutes', 'grid'],
    ['targetAccountId', 'account'],
    ['maxMinutesPerDay.work', 'max-per-day'],
    ['after.0', 'after'],
  ])('of the field %s, by the option that gives it', (field, option) => {
    expect(explainError(new InvalidInputError(field, 'is wrong'), {}).message).toBe(`${option} is wrong.`);
  });

  it('of a bad configuration, with exit code 2', () => {
    expect(explainError(new EnvironmentError('DATABASE_URL must be set.'), {}).exitCode).toBe(2);
  });

  it('of something that is not there, with exit code 1', () => {
    expect(explainError(new NotFoundError('There is no workspace a.'), {})).toEqual({
      message: 'There is no workspace a.',
      exitCode: 1,
    });
  });

  it('of a remedy, by the command that it takes', () => {
    expect(explainError(new WorkspaceNotFoundError('acme'), {}).message).toBe(
      'There is no workspace acme. Run `almanac workspace list` to see the existing ones, or `almanac workspace create acme --time-zone <zone>` to create it.',
    );
    const remedy = { action: RemedyAction.listTasks };
    expect(explainError(new InvalidInputError('taskId', 'must be a task UUID', { remedy }), {}).message).toBe(
      'task must be a task UUID. Run `almanac task list <workspace> --all` to see the existing ones.',
    );
  });

  it('of what the installation is not set up for, with exit code 2', () => {
    const remedy = { action: RemedyAction.migrate };
    expect(explainError(new NotConfiguredError('The role lacks privileges.', { remedy }), {})).toEqual({
      message: 'The role lacks privileges. Run `almanac migrate`.',
      exitCode: 2,
    });
  });

  it('of the unexpected: its name, not its words', () => {
    const { message } = explainError(new TypeError('ada@example.com is not a function'), {});
    expect(message).toBe('Unexpected failure (TypeError): run the command again with --verbose.');
  });
});

describe('the detail that --verbose adds', () => {
  it('has no secret in it', () => {
    const error = new Error(
      'failed with api-key-value, older-key, hunter@2 and postgresql://almanac:hunter%402@db.internal:5433/mirror',
    );
    const text = describeFailure(error, VARIABLES);
    expect(text).toContain('failed with [secret], [secret], [secret] and [secret]');
    expect(text).toContain('explain-error.test.ts');
  });
});
