import { RequiredInputError } from '../services/errors.ts';
import { confirmNotifier, sendAnotherCode } from '../services/notifier/confirm-notifier.ts';
import type { NotifierScope } from '../services/notifier/notifiers.ts';
import { printJson, printLine } from '../terminal/output.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-code.ts';
import { notifierContext } from './notifier-context.ts';
import { printSentCode } from './print-sent-code.ts';

interface ConfirmCommand {
  id: string;
  scope: NotifierScope;
  code?: string;
  send?: boolean;
}

/** Body of `almanac notifier confirm`. */
export async function runNotifierConfirm(
  context: CommandContext,
  { id, scope, code, send = false }: ConfirmCommand,
): Promise<ExitCode | void> {
  if ((code === undefined) !== send)
    throw new RequiredInputError('code', 'must be given, or --send, but not both');
  const notifiers = await notifierContext(context);
  if (code === undefined) {
    const sent = await sendAnotherCode(notifiers, scope, id);
    if (!context.json) return printSentCode(id, sent);
    return printJson(sent);
  }
  const confirmed = await confirmNotifier(notifiers, scope, id, { code });
  if (context.json) return printJson(confirmed);
  printLine(`Notifier ${confirmed.id} is ${confirmed.status}.`);
}
