import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FailureType } from '../../../contracts/failure-types.ts';
import { NON_RETRYABLE_FAILURES, RETRY_TABLE, type RetryRule } from '../../../contracts/retry-table.ts';

const DOES: Record<RetryRule['action'], string> = {
  retry: 'tries again',
  wait: 'waits as told, tries again',
  'give-up': 'gives up',
  reconnect: 'stops syncing the account',
};

const HEADING = '| failure | Almanac | you |';
const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
/** A line of a table without the padding that the formatter adds. */
const bare = (line: string) => line.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');

function does({ action, tries }: RetryRule): string {
  return tries === undefined ? DOES[action] : `${DOES[action]}, ${tries} times in all`;
}

describe('the retry table', () => {
  it('is in the README as it is', () => {
    const lines = readme.split('\n').map(bare);
    const start = lines.indexOf(HEADING);
    const end = lines.indexOf('', start);
    expect(lines.slice(start, end)).toEqual([
      HEADING,
      '| --- | --- | --- |',
      ...Object.entries(RETRY_TABLE).map(
        ([type, rule]) => `| \`${type}\` | ${does(rule)} | ${rule.advice} |`,
      ),
    ]);
  });

  it.each(Object.entries(RETRY_TABLE))('tells what to do about %s in sentences', (_type, { advice }) => {
    expect(advice).toMatch(/^[A-Z][^|\n]+\.$/);
  });

  it('never retries a failure that needs a person to act', () => {
    expect(NON_RETRYABLE_FAILURES.toSorted()).toEqual(
      [
        FailureType.invalidInput,
        FailureType.workspaceNotFound,
        FailureType.googleAuthRevoked,
        FailureType.googleClientRejected,
        FailureType.googleForbidden,
        FailureType.googleBadRequest,
        FailureType.tokenUndecryptable,
        FailureType.fenced,
      ].toSorted(),
    );
  });
});
