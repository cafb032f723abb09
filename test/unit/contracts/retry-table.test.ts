import { describe, expect, it } from 'vitest';
import { FailureType } from '../../../contracts/failure-types.ts';
import { NON_RETRYABLE_FAILURES, RETRY_TABLE } from '../../../contracts/retry-table.ts';

describe('the retry table', () => {
  it.each(Object.entries(RETRY_TABLE))('tells what to do about %s in sentences', (_type, { advice }) => {
    expect(advice).toMatch(/^[A-Z][^|\n]+\.$/);
  });

  it('never retries a failure that needs a person to act', () => {
    expect(NON_RETRYABLE_FAILURES.toSorted()).toEqual(
      [
        FailureType.invalidInput,
        FailureType.workspaceNotFound,
        FailureType.workspacePaused,
        FailureType.googleAuthRevoked,
        FailureType.googleClientRejected,
        FailureType.googleForbidden,
        FailureType.googleBadRequest,
        FailureType.tokenUndecryptable,
        FailureType.fenced,
        FailureType.webhookGone,
        FailureType.webhookBehind,
      ].toSorted(),
    );
  });
});
