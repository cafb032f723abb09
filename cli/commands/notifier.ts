import type { Command } from 'commander';
import {
  DEFAULT_AGENDA_HOUR,
  DEFAULT_NOTICES,
  DEFAULT_SUMMARY_WEEKDAY,
  NOTICES,
  NOTIFIER_KINDS,
  type NoticeKind,
  type NotifierKind,
} from '../../contracts/notices.ts';
import type { WEEKDAYS } from '../../scheduling/week-hours.ts';
import { collect } from '../../terminal/collect.ts';
import { printHint, printJson, printLine, printTable } from '../../terminal/output.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import type { CommonOptions } from '../common-options.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';

type Weekday = (typeof WEEKDAYS)[number];

interface ScopeOptions extends CommonOptions {
  workspace?: string;
}

interface CreateOptions extends ScopeOptions {
  name: string;
  target: string;
  notice?: NoticeKind[];
  agendaHour?: number;
  summaryWeekday?: Weekday;
}

interface ChangeOptions extends ScopeOptions {
  name?: string;
  notice?: NoticeKind[];
  agendaHour?: number;
  summaryWeekday?: Weekday;
  status?: 'active' | 'paused';
}

const WORKSPACE = ['--workspace <workspace>', 'of this workspace (default: of the installation)'] as const;
const NOTICE = ['--notice <kind>', `kind of notice: ${NOTICES.join(', ')}; repeatable`] as const;

const AGENDA_HOUR = [
  '--agenda-hour <hour>',
  "hour of reports in the workspace's time zone, 0 to 23 (health-report: in UTC); from 12 on, the agenda is the next day's",
] as const;
const SUMMARY_WEEKDAY = [
  '--summary-weekday <day>',
  'day of weekly-summary, about the last full week: mon, tue, wed, thu, fri, sat or sun',
] as const;
const toHour = toWholeNumber(0, 23);

const MOST_MESSAGES = 1_000;
/** Statuses that a table says plainly. */
const WORDS: Record<string, string> = { unconfirmed: 'may have arrived' };

export function registerNotifier(program: Command): void {
  const notifier = program
    .command('notifier')
    .description('send notices of what needs a person to chats, webhooks and e-mail addresses');

  withCommonOptions(notifier.command('create <kind>'))
    .description(`create a notifier of a kind: ${NOTIFIER_KINDS.join(', ')}`)
    .requiredOption('--name <name>', 'name for people, at most 100 characters')
    .requiredOption(
      '--target <target>',
      'https URL or e-mail address, or - to read it from standard input, which hides it from other users of this machine',
    )
    .option(...WORKSPACE)
    .option(NOTICE[0], `${NOTICE[1]} (default: ${DEFAULT_NOTICES.join(', ')})`, collect)
    .option(AGENDA_HOUR[0], `${AGENDA_HOUR[1]} (default: ${DEFAULT_AGENDA_HOUR})`, toHour)
    .option(SUMMARY_WEEKDAY[0], `${SUMMARY_WEEKDAY[1]} (default: ${DEFAULT_SUMMARY_WEEKDAY})`)
    .action((kind: NotifierKind, options: CreateOptions) =>
      runCommand(options, async (context) => {
        const [{ createNotifier }, { notifierContext }, { FROM_STANDARD_INPUT, readLine }] =
          await Promise.all([
            import('../../services/notifier/notifiers.ts'),
            import('../notifier-context.ts'),
            import('../read-line.ts'),
          ]);
        const { name, notice: notices, agendaHour, summaryWeekday, workspace = null } = options;
        const target = options.target === FROM_STANDARD_INPUT ? await readLine('target') : options.target;
        const input = { kind, name, target, notices, agendaHour, summaryWeekday };
        const created = await createNotifier(await notifierContext(context), workspace, input);
        if (context.json) return printJson(created);
        if (created.confirmation !== null) {
          const { printSentCode } = await import('../print-sent-code.ts');
          return printSentCode(created.id, created.confirmation);
        }
        if (created.secret === null) return printLine(`Notifier ${created.id} is created.`);
        printHint(`Notifier ${created.id} is created. Store its secret: it is not shown again.`);
        printLine(created.secret);
      }),
    );

  withCommonOptions(notifier.command('confirm <notifier>'))
    .description('confirm an e-mail address with the code that was sent to it')
    .option(...WORKSPACE)
    .option('--code <code>', 'code of the e-mail')
    .option('--send', 'send another code instead; earlier ones are no longer valid')
    .action((id: string, options: ScopeOptions & { code?: string; send?: boolean }) =>
      runCommand(options, async (context) => {
        const { runNotifierConfirm } = await import('../run-notifier-confirm.ts');
        return runNotifierConfirm(context, { ...options, id, scope: options.workspace ?? null });
      }),
    );

  withCommonOptions(notifier.command('list'))
    .description('list the notifiers, without their targets')
    .option(...WORKSPACE)
    .action((options: ScopeOptions) =>
      runCommand(options, async (context) => {
        const [{ listNotifiers }, { notifierContext }] = await Promise.all([
          import('../../services/notifier/notifiers.ts'),
          import('../notifier-context.ts'),
        ]);
        const notifiers = await listNotifiers(await notifierContext(context), options.workspace ?? null);
        if (context.json) return printJson(notifiers);
        await printTable(
          ['notifier', 'name', 'kind', 'receiver', 'notices', 'status', 'last message'],
          notifiers.map(({ id, name, kind, receiver, notices, status, lastMessageAt }) => [
            id,
            name,
            kind,
            receiver,
            notices.join(', '),
            status,
            lastMessageAt,
          ]),
          'There is no notifier. Run `almanac notifier create <kind>` to create one.',
        );
      }),
    );

  withCommonOptions(notifier.command('change <notifier>'))
    .description('rename or pause a notifier, or choose its notices')
    .option(...WORKSPACE)
    .option('--name <name>', 'new name')
    .option(...NOTICE, collect)
    .option(...AGENDA_HOUR, toHour)
    .option(...SUMMARY_WEEKDAY)
    .option('--status <status>', 'active, or paused')
    .action((id: string, options: ChangeOptions) =>
      runCommand(options, async (context) => {
        const [{ changeNotifier }, { notifierContext }] = await Promise.all([
          import('../../services/notifier/notifiers.ts'),
          import('../notifier-context.ts'),
        ]);
        const { name, notice: notices, agendaHour, summaryWeekday, status, workspace = null } = options;
        const changes = { name, notices, agendaHour, summaryWeekday, status };
        const changed = await changeNotifier(await notifierContext(context), workspace, id, changes);
        if (context.json) return printJson(changed);
        printLine(`Notifier ${changed.id} is ${changed.status}.`);
      }),
    );

  withCommonOptions(notifier.command('delete <notifier>'))
    .description('delete a notifier')
    .option(...WORKSPACE)
    .action((id: string, options: ScopeOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { deleteNotifier } = await import('../../services/notifier/notifiers.ts');
        const deleted = await deleteNotifier(await database(), options.workspace ?? null, id);
        if (json) return printJson(deleted);
        printLine(`Notifier ${deleted.id} is deleted.`);
      }),
    );

  withCommonOptions(notifier.command('test <notifier>'))
    .description('send a test message now; exits with 1 unless it was delivered')
    .option(...WORKSPACE)
    .action((id: string, options: ScopeOptions) =>
      runCommand(options, async (context) => {
        const { runNotifierTest } = await import('../run-notifier-test.ts');
        return runNotifierTest(context, options.workspace ?? null, id);
      }),
    );

  withCommonOptions(notifier.command('messages <notifier>'))
    .description('list the messages to a notifier and their outcomes, newest first')
    .option(...WORKSPACE)
    .action((id: string, options: ScopeOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { pageOfMessages } = await import('../../services/notifier/list-messages.ts');
        const { rows } = await pageOfMessages(await database(), options.workspace ?? null, id, {
          limit: MOST_MESSAGES,
        });
        if (json) return printJson(rows);
        await printTable(
          ['message', 'notice', 'subjects', 'status', 'attempts', 'reason', 'last attempt'],
          rows.map(({ id: message, notice, subjects, status, attempts, reason, attemptedAt }) => [
            message,
            notice,
            subjects,
            WORDS[status] ?? status,
            attempts,
            reason,
            attemptedAt,
          ]),
          'No message has been sent to this notifier.',
        );
      }),
    );
}
