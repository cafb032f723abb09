import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { failure, toFailure } from '../../../activities/failures.ts';
import { FailureType } from '../../../contracts/failure-types.ts';
import { NON_RETRYABLE_FAILURES } from '../../../contracts/retry-table.ts';

const SECRET = 'ya29.secret-token of ada@example.com';
const thrown = (name: string, message: string, code?: unknown) =>
  Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });

describe('failure', () => {
  it.each(Object.values(FailureType))('%s is retried unless its table says that it cannot help', (type) => {
    expect(failure(type, 'x')).toMatchObject({ type, nonRetryable: NON_RETRYABLE_FAILURES.includes(type) });
  });
});

describe('whatever an activity throws', () => {
  it('stays as it is where it is ours or a cancellation', () => {
    const ours = failure(FailureType.fenced, 'Ours.');
    const cancelled = new CancelledFailure('Cancelled.');
    expect(toFailure(ours)).toBe(ours);
    expect(toFailure(cancelled)).toBe(cancelled);
  });

  it.each([
    thrown('PrismaClientKnownRequestError', SECRET, 'P1001'),
    thrown('PrismaClientKnownRequestError', SECRET, 'P2034'),
    thrown('PrismaClientKnownRequestError', `${SECRET}: connect ECONNREFUSED`, 'P2010'),
    thrown('PrismaClientUnknownRequestError', 'terminating connection due to administrator command'),
    thrown('DriverAdapterError', 'sorry, too many clients already'),
    thrown('DriverAdapterError', 'the database system is starting up'),
    thrown('DriverAdapterError', 'deadlock detected'),
  ])('is Postgres being away: $name $code', (error) => {
    expect(toFailure(error)).toMatchObject({
      type: FailureType.databaseUnavailable,
      nonRetryable: false,
      message: 'Postgres did not answer.',
      cause: undefined,
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
  ])('is told by name and code alone: %s', (_what, error, told) => {
    const failed = toFailure(error);
    expect(failed).toBeInstanceOf(ApplicationFailure);
    expect(failed).toMatchObject({ type: FailureType.internal, nonRetryable: false, cause: undefined });
    expect(failed.message).toMatch(told);
    expect(`${failed.message} ${JSON.stringify(failed)}`).not.toMatch(/secret|example\.com/);
  });
});
