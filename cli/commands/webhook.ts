import type { Command } from 'commander';
import type { CommonOptions } from '../common-options.ts';
import {
  DEFAULT_OCCURRENCE_DAYS,
  MAX_LOGGED_DELIVERIES,
  MAX_OCCURRENCE_DAYS,
  MOST_SECRET_OVERLAP_HOURS,
} from '../../contracts/limits.ts';
import type { DeliveryLogName, WebhookEventType, WebhookPayload } from '../../contracts/delivery.ts';
import { collect } from '../../terminal/collect.ts';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';

const MOST_POSITION = 999_999_999_999_999;

interface ContentOptions extends CommonOptions {
  url?: string;
  type?: WebhookEventType[];
  calendar?: string[];
  occurrenceDays?: number;
  payload?: WebhookPayload;
}

function withContentOptions(command: Command): Command {
  return command
    .option('--type <type>', 'events of this type, such as event.created or sync.failed; repeatable', collect)
    .option('--calendar <id>', 'only changes of this calendar; repeatable', collect)
    .option(
      '--occurrence-days <n>',
      `changes of occurrences that start within so many days, up to ${MAX_OCCURRENCE_DAYS} (a new webhook: ${DEFAULT_OCCURRENCE_DAYS})`,
      toWholeNumber(1, MAX_OCCURRENCE_DAYS),
    )
    .option('--payload <payload>', 'thin (IDs and positions) or full (events as well)');
}

const contentOf = ({ url, type: types, calendar: calendarIds, occurrenceDays, payload }: ContentOptions) => ({
  ...(url !== undefined && { url }),
  ...(types !== undefined && { types }),
  ...(calendarIds !== undefined && { calendarIds }),
  ...(occurrenceDays !== undefined && { occurrenceDays }),
  ...(payload !== undefined && { payload }),
});

export function registerWebhook(program: Command): void {
  const webhook = program.command('webhook').description('post changes to receivers, signed and in order');

  withContentOptions(withCommonOptions(webhook.command('create [workspace]')))
    .description('create a webhook; its secret is shown only once')
    .requiredOption('--url <url>', 'URL of the receiver: https, with a public address')
    .option('--all', 'for every workspace')
    .option(
      '--from <position>',
      'begin after this position of the change log (default: with what changes from now on)',
      toWholeNumber(0, MOST_POSITION),
    )
    .action((workspace: string | undefined, options: ContentOptions & { all?: boolean; from?: number }) =>
      runCommand(options, async (context) => {
        const { runWebhookCreate } = await import('../run-webhook.ts');
        const { all = false, from, url = '' } = options;
        const input = { ...contentOf(options), url, ...(from !== undefined && { from }) };
        return runWebhookCreate(context, { workspace, all }, input);
      }),
    );

  withCommonOptions(webhook.command('list [workspace]'))
    .description('list the webhooks, without their secrets')
    .action((workspace: string | undefined, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listWebhooks } = await import('../../services/delivery/webhooks.ts');
        const webhooks = await listWebhooks(await database(), workspace);
        if (json) return printJson(webhooks);
        await printTable(
          ['webhook', 'workspace', 'url', 'payload', 'status', 'failures', 'last error', 'last delivered'],
          webhooks.map((one) => [
            one.id,
            one.workspaceId ?? 'all',
            one.url,
            one.payload,
            one.pauseReason === null ? one.status : `paused: ${one.pauseReason}`,
            one.failures,
            one.lastError,
            one.lastDeliveredAt,
          ]),
          'There is no webhook. Run `almanac webhook create <workspace> --url <url>` to create one.',
        );
      }),
    );

  withCommonOptions(webhook.command('show <webhook>'))
    .description('show what a webhook gets, and how its deliveries go')
    .action((id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { findWebhook } = await import('../../services/delivery/webhooks.ts');
        const { printWebhook } = await import('../run-webhook.ts');
        printWebhook(await findWebhook(await database(), undefined, id), json);
      }),
    );

  withContentOptions(withCommonOptions(webhook.command('change <webhook>')))
    .description('change what a webhook gets, or where; a failing one is tried again at once')
    .option('--url <url>', 'URL of the receiver')
    .option('--all-calendars', 'changes of every calendar')
    .action((id: string, options: ContentOptions & { allCalendars?: boolean }) =>
      runCommand(options, async (context) => {
        const { printWebhook, webhookContext } = await import('../run-webhook.ts');
        const { changeWebhook } = await import('../../services/delivery/webhooks.ts');
        const changes = { ...contentOf(options), ...(options.allCalendars && { calendarIds: [] }) };
        printWebhook(
          await changeWebhook(await webhookContext(context), undefined, id, changes),
          context.json,
        );
      }),
    );

  withCommonOptions(webhook.command('delete <webhook>'))
    .description('delete a webhook with its log')
    .action((id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { deleteWebhook } = await import('../../services/delivery/webhooks.ts');
        const deleted = await deleteWebhook(await database(), undefined, id);
        if (json) return printJson(deleted);
        printLine(`Webhook ${deleted.id} is deleted.`);
      }),
    );

  withCommonOptions(webhook.command('pause <webhook>'))
    .description('pause a webhook; nothing is missed when it is resumed')
    .action((id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { pauseWebhook } = await import('../../services/delivery/pause.ts');
        const { printWebhook } = await import('../run-webhook.ts');
        printWebhook(await pauseWebhook(await database(), undefined, id), json);
      }),
    );

  withCommonOptions(webhook.command('resume <webhook>'))
    .description('resume a webhook where it has stopped, or try a failing one at once')
    .action((id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { resumeWebhook } = await import('../../services/delivery/pause.ts');
        const { printWebhook } = await import('../run-webhook.ts');
        printWebhook(await resumeWebhook(await database(), undefined, id), json);
      }),
    );

  withCommonOptions(webhook.command('rotate-secret <webhook>'))
    .description('replace the secret; the new one is shown only once')
    .option(
      '--overlap-hours <n>',
      'hours for which the present secret signs as well (default: 24)',
      toWholeNumber(0, MOST_SECRET_OVERLAP_HOURS),
    )
    .action((id: string, options: CommonOptions & { overlapHours?: number }) =>
      runCommand(options, async (context) => {
        const { printSecret, webhookContext } = await import('../run-webhook.ts');
        const { rotateSecret } = await import('../../services/delivery/rotate-secret.ts');
        const { overlapHours } = options;
        const input = overlapHours === undefined ? {} : { overlapHours };
        const rotated = await rotateSecret(await webhookContext(context), undefined, id, input);
        printSecret(rotated, `The secret of webhook ${rotated.id} is replaced`, context.json);
      }),
    );

  withCommonOptions(webhook.command('test <webhook>'))
    .description('post a signed test message, and say what the receiver answered')
    .action((id: string, options: CommonOptions) =>
      runCommand(options, async (context) => {
        const { runWebhookTest } = await import('../run-webhook.ts');
        return runWebhookTest(context, id);
      }),
    );

  withCommonOptions(webhook.command('replay <webhook>'))
    .description('deliver the changes after a position once more')
    .requiredOption(
      '--from <position>',
      'position of the log; 0: everything',
      toWholeNumber(0, MOST_POSITION),
    )
    .option('--log <log>', 'events or workspace (default: events, the change log)')
    .option('--workspace <workspace>', 'workspace to replay, if the webhook is for all of them')
    .action(
      (id: string, options: CommonOptions & { from: number; log?: DeliveryLogName; workspace?: string }) =>
        runCommand(options, async ({ json, database }) => {
          const { replayWebhook } = await import('../../services/delivery/replay.ts');
          const { printWebhook } = await import('../run-webhook.ts');
          const { from, log, workspace: workspaceId } = options;
          const input = { from, ...(log && { log }), ...(workspaceId !== undefined && { workspaceId }) };
          printWebhook(await replayWebhook(await database(), undefined, id, input), json);
        }),
    );

  withCommonOptions(webhook.command('deliveries <webhook>'))
    .description('list the latest attempts, newest first')
    .option('--limit <n>', 'number of attempts (default: 50)', toWholeNumber(1, MAX_LOGGED_DELIVERIES))
    .action((id: string, options: CommonOptions & { limit?: number }) =>
      runCommand(options, async (context) => {
        const { runWebhookDeliveries } = await import('../run-webhook.ts');
        return runWebhookDeliveries(context, id, options.limit);
      }),
    );
}
