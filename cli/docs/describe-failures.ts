import { RETRY_TABLE, type RetryRule } from '../../contracts/retry-table.ts';

const ACTIONS: Record<RetryRule['action'], string> = {
  retry: 'retries',
  wait: 'waits as told, then retries',
  'give-up': 'gives up',
  reconnect: 'stops syncing the account',
};

const SUBJECTS: Record<RetryRule['deadLetter'], string> = {
  calendar: 'one per calendar',
  account: 'one per account',
  installation: 'one for the installation',
  webhooks: 'one per workspace',
  none: 'none',
};

function describeRule({ action, tries }: RetryRule): string {
  return tries === undefined ? ACTIONS[action] : `${ACTIONS[action]}, ${tries} attempts in all`;
}

/** The retry table, as Markdown: what Almanac does about each failure, and what to do. */
export function describeFailures(): string {
  const rules = Object.entries(RETRY_TABLE);
  const rows = rules.map(
    ([type, rule]) => `| \`${type}\` | ${describeRule(rule)} | ${SUBJECTS[rule.deadLetter]} |`,
  );
  const advice = rules.map(([type, rule]) => `- \`${type}\`: ${rule.advice}`);
  return [
    ['| failure | Almanac | dead letter |', '| --- | --- | --- |', ...rows].join('\n'),
    'What to do:',
    advice.join('\n'),
  ].join('\n\n');
}
