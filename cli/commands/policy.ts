import { type Command, InvalidArgumentError, Option } from 'commander';
import { COUNTS } from '../../calendar/busy.ts';
import type { Policy, PolicyChanges } from '../../services/planning/policy.ts';
import { printJson, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import { DAY_MINUTES } from '../../contracts/durations.ts';

const MAX_MINUTES = 100_000;
/** Value that clears a limit or a target. */
const NONE = 'none';

type Counts = (typeof COUNTS)[number];

interface SetOptions extends CommonOptions {
  buffer?: number;
  maxPerDay?: Record<string, number | null>;
  freeze?: number;
  grid?: number;
  days?: number;
  account?: string;
  calendar?: string;
  autoApply?: boolean;
  allDay?: Counts;
  tentative?: Counts;
  unanswered?: Counts;
  outOfOffice?: Counts;
}

export function registerPolicy(program: Command): void {
  const policy = program.command('policy').description('show and change how a workspace is planned');

  withCommonOptions(policy.command('show <workspace>'))
    .description('show the policy of a workspace, defaults included')
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { showPolicy } = await import('../../services/planning/policy.ts');
        const found = await showPolicy(await database(), workspaceId);
        if (json) return printJson(found);
        await printPolicy(found);
      }),
    );

  withCommonOptions(policy.command('set <workspace>'))
    .description('change the given fields of a policy')
    .option(
      '--buffer <minutes>',
      'free minutes between blocks and around busy time',
      toWholeNumber(0, MAX_MINUTES),
    )
    .option('--max-per-day <type=minutes>', 'most minutes per day of a type of hours, or type=none', toLimits)
    .option(
      '--freeze <minutes>',
      'blocks that start within this time are not moved',
      toWholeNumber(0, MAX_MINUTES),
    )
    .option('--grid <minutes>', 'grid on which blocks start: 5, 10, 15 or 30', toWholeNumber(0, MAX_MINUTES))
    .option('--days <n>', 'length of the plan in days from today, 7 to 90', toWholeNumber(0, MAX_MINUTES))
    .option('--account <id>', 'account whose Almanac calendar gets the blocks; none: the first connected one')
    .option('--calendar <id>', 'calendar for the blocks; none: one that Almanac creates')
    .option('--auto-apply', 'scheduled runs write to Google')
    .option('--no-auto-apply', 'scheduled runs skip the workspace')
    .addOption(counts('--all-day', 'all-day events, except out-of-office ones'))
    .addOption(counts('--tentative', 'tentative events and those answered with "maybe"'))
    .addOption(counts('--unanswered', 'invitations without an answer'))
    .addOption(counts('--out-of-office', 'out-of-office events of any length'))
    .action((workspaceId: string, options: SetOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { setPolicy } = await import('../../services/planning/policy.ts');
        const changed = await setPolicy(await database(), workspaceId, toChanges(options));
        if (json) return printJson(changed);
        await printPolicy(changed);
      }),
    );
}

function counts(name: string, what: string): Option {
  return new Option(`${name} <${COUNTS.join('|')}>`, `how to count ${what}`).choices(COUNTS);
}

function toLimits(text: string, earlier: Record<string, number | null> = {}): Record<string, number | null> {
  const [type = '', value = ''] = text.split('=');
  if (type === '' || value === '')
    throw new InvalidArgumentError('It must be a type and minutes, such as work=360.');
  return { ...earlier, [type]: value === NONE ? null : toWholeNumber(0, DAY_MINUTES)(value) };
}

function toChanges({
  buffer,
  maxPerDay,
  freeze,
  grid,
  days,
  account,
  calendar,
  autoApply,
  allDay,
  tentative,
  unanswered,
  outOfOffice,
}: SetOptions): PolicyChanges {
  return {
    bufferMinutes: buffer,
    maxMinutesPerDay: maxPerDay,
    freezeMinutes: freeze,
    // The schema checks the value.
    granularityMinutes: grid as PolicyChanges['granularityMinutes'],
    days,
    targetAccountId: account === NONE ? null : account,
    targetCalendarId: calendar === NONE ? null : calendar,
    autoApply,
    allDay,
    tentative,
    unanswered,
    outOfOffice,
  };
}

async function printPolicy(policy: Policy): Promise<void> {
  const limits = Object.entries(policy.maxMinutesPerDay).map(([type, minutes]) => `${type} ${minutes} min`);
  await printTable(
    ['policy', 'value'],
    [
      ['buffer between blocks and around busy time', `${policy.bufferMinutes} min`],
      ['most in a day', limits.join('\n') || 'no limit'],
      ['not moved when sooner than', `${policy.freezeMinutes} min`],
      ['grid', `${policy.granularityMinutes} min`],
      ['days planned', policy.days],
      ['account', policy.targetAccountId ?? 'the first connected one'],
      ['calendar', policy.targetCalendarId ?? 'one that Almanac creates'],
      ['scheduled runs', policy.autoApply ? 'write to Google' : 'skip it'],
      ['all-day events', policy.allDay],
      ['tentative events', policy.tentative],
      ['unanswered invitations', policy.unanswered],
      ['out-of-office events', policy.outOfOffice],
    ],
    '',
  );
}
