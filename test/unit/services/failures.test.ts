import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { failure, toFailure } from '../../../services/failures.ts';
import { InvalidInputError, NoAccountError, WorkspaceNotFoundError } from '../../../services/errors.ts';
import { FailureType } from '../../../contracts/failure-types.ts';
import { NON_RETRYABLE_FAILURES } from '../../../contracts/retry-table.ts';

const SECRET = 'ya29.secret-token of ada@example.com';
const thrown = (name: string, message: string, code?: unknown) =>
  Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
const fromPostgres = (originalCode: string, message = SECRET) =>
  Object.assign(thrown('PrismaClientKnownRequestError', message, 'P2010'), {
    meta: { driverAdapterError: { cause: { kind: 'postgres', originalCode } } },
  });

describe('failure', () => {
  it.each(Object.values(FailureType))('%s is retried unless its table says that it cannot help', (type) => {
    expect(failure(type, 'x')).toMatchObject({ type, nonRetryable: NON_RETRYABLE_FAILURES.includes(type) });
  });
});

describe('an error thrown by an activity', () => {
  it('stays as it is where it is ours or a cancellation', () => {
    const ours = failure(FailureType.fenced, 'Ours.');
    const cancelled = new CancelledFailure('Cancelled.');
    expect(toFailure(ours)).toBe(ours);
    expect(toFailure(cancelled)).toBe(cancelled);
  });

  it.each([
    [new WorkspaceNotFoundError('acme'), 'WorkspaceNotFound', 'There is no workspace acme. Create it first.'],
    [
      new NoAccountError('acme'),
      'InvalidInput',
      'Workspace acme has no account to write to. Connect an account.',
    ],
    [new InvalidInputError('days', 'must be 7'), 'InvalidInput', 'days must be 7.'],
  ])('gives up on an error of a service, with its remedy: %s', (error, type, message) => {
    expect(toFailure(error)).toMatchObject({ type, message, nonRetryable: true });
  });

  it.each(['08006', '25006', '28P01', '40P01', '53100', '53300', '57P01', '57P03', '58030'])(
    'is Postgres being away: SQLSTATE %s, whatever the message says',
    (state) => {
      const failed = toFailure(fromPostgres(state));
      expect(failed).toMatchObject({
        type: FailureType.databaseUnavailable,
        nonRetryable: false,
        cause: undefined,
      });
      expect(failed.message).toMatch(/^Postgres is not available: [a-z-]+\.$/);
    },
  );

  it.each(['22012', '23505', '42601', 'XX000'])('is a failure of ours: SQLSTATE %s', (state) => {
    const failed = toFailure(fromPostgres(state, 'connection timeout: the database is shutting down'));
    expect(failed).toMatchObject({ type: FailureType.internal, nonRetryable: false });
  });

  it('is a time-out where Postgres has canceled a statement', () => {
    expect(toFailure(fromPostgres('57014'))).toMatchObject({
      type: FailureType.timedOut,
      nonRetryable: false,
    });
  });

  it.each([
    ['a constraint', thrown('PrismaClientKnownRequestError', SECRET, 'P2002'), /P2002/],
    ['an error of the network', thrown('Error', `${SECRET} connection`, 'ECONNRESET'), /ECONNRESET/],
    ['a type error', new TypeError(SECRET), /TypeError/],
    ['a code that is none', thrown('Error', SECRET, SECRET), /Error/],
    ['a name that is none', thrown(SECRET, SECRET), /error/],
    ['a text', SECRET, /error/],
    ['nothing', undefined, /error/],
    ['null', null, /error/],
  ])('is named by its name and code alone: %s', (_what, error, told) => {
    const failed = toFailure(error);
    expect(failed).toBeInstanceOf(ApplicationFailure);
    expect(failed).toMatchObject({ type: FailureType.internal, nonRetryable: false, cause: undefined });
    expect(failed.message).toMatch(told);
    expect(`${failed.message} ${JSON.stringify(failed)}`).not.toMatch(/secret|example\.com/);
  });
});
