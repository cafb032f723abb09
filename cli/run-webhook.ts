import type { z } from 'zod';
import { OCCURRENCE_TYPES } from '../contracts/delivery.ts';
import type { DeliveryContext } from '../services/delivery/context.ts';
import { listDeliveries } from '../services/delivery/delivery-log.ts';
import type { createdWebhookSchema, newWebhook, Webhook } from '../services/delivery/subscription-input.ts';
import { testWebhook } from '../services/delivery/test-webhook.ts';
import { createWebhook } from '../services/delivery/webhooks.ts';
import { InvalidInputError } from '../services/errors.ts';
import { createTokenCipher } from '../services/google/token-cipher.ts';
import { requireVariables } from '../client/environment.ts';
import { printHint, printJson, printLine, printTable } from '../terminal/output.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-code.ts';

export async function webhookContext({ database, variables }: CommandContext): Promise<DeliveryContext> {
  const { TOKEN_ENCRYPTION_KEY, WEBHOOK_ALLOWED_NETWORKS: networks } = requireVariables(
    variables,
    'TOKEN_ENCRYPTION_KEY',
    'WEBHOOK_ALLOWED_NETWORKS',
  );
  return {
    database: await database(),
    tokenCipher: createTokenCipher(TOKEN_ENCRYPTION_KEY),
    guard: { networks },
  };
}

/** Body of `almanac webhook create`. */
export async function runWebhookCreate(
  context: CommandContext,
  { workspace, all }: { workspace: string | undefined; all: boolean },
  input: z.input<typeof newWebhook>,
): Promise<void> {
  if (all === (workspace !== undefined))
    throw new InvalidInputError('workspace', 'or --all must be given, and not both');
  const created = await createWebhook(await webhookContext(context), workspace ?? null, input);
  printSecret(created, `Webhook ${created.id} is created`, context.json);
}

/** Prints a secret once, alone on stdout. */
export function printSecret(
  created: z.infer<typeof createdWebhookSchema>,
  done: string,
  json: boolean,
): void {
  if (json) return printJson(created);
  printHint(`${done}. Store its secret: it is not shown again.`);
  printLine(created.secret);
}

export function printWebhook(webhook: Webhook, json: boolean): void {
  if (json) return printJson(webhook);
  const { id, workspaceId, url, types, calendarIds, payload, status, pauseReason } = webhook;
  printLine(`webhook         ${id}`);
  printLine(`workspace       ${workspaceId ?? 'all'}`);
  printLine(`url             ${url}`);
  printLine(`types           ${types.join(', ')}`);
  printLine(`calendars       ${calendarIds.length === 0 ? 'all' : calendarIds.join(', ')}`);
  if (OCCURRENCE_TYPES.some((type) => types.includes(type)))
    printLine(`occurrences     of the next ${webhook.occurrenceDays} days`);
  printLine(`payload         ${payload}`);
  printLine(`status          ${pauseReason === null ? status : `${status}: ${pauseReason}`}`);
  printLine(`last delivered  ${webhook.lastDeliveredAt ?? 'never'}`);
  if (webhook.lastError === null) return;
  printLine(`failures        ${webhook.failures}, last ${webhook.lastError}`);
  if (webhook.retryAt !== null) printLine(`next attempt    ${webhook.retryAt}`);
}

/** Body of `almanac webhook test`. Exit code 1 if the receiver has not accepted the message. */
export async function runWebhookTest(context: CommandContext, id: string): Promise<number> {
  const delivery = await testWebhook(await webhookContext(context), undefined, id);
  const { status, error, latencyMs } = delivery;
  if (context.json) printJson(delivery);
  else printLine(`${status === null ? `No answer: ${error}` : `HTTP ${status}`}, after ${latencyMs} ms.`);
  return status !== null && status >= 200 && status <= 299 ? ExitCode.ok : ExitCode.failed;
}

/** Body of `almanac webhook deliveries`. */
export async function runWebhookDeliveries(
  { json, database }: CommandContext,
  id: string,
  limit: number | undefined,
): Promise<void> {
  const deliveries = await listDeliveries(await database(), undefined, id, { ...(limit && { limit }) });
  if (json) return printJson(deliveries);
  await printTable(
    ['number', 'workspace', 'log', 'after', 'position', 'changes', 'answer', 'ms', 'at', 'message'],
    deliveries.map((one) => [
      one.number,
      one.workspaceId,
      one.log,
      one.after,
      one.position,
      one.changes,
      one.status ?? one.error,
      one.latencyMs,
      one.attemptedAt,
      one.messageId,
    ]),
    'Nothing has been delivered yet.',
  );
}
