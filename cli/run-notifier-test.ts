import { type NotifierScope } from '../services/notifier/notifiers.ts';
import type { Sent } from '../services/notifier/at-once.ts';
import { testNotifier } from '../services/notifier/test-notifier.ts';
import { printJson, printLine } from '../terminal/output.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-code.ts';
import { notifierContext } from './notifier-context.ts';

const WORDS: Record<Sent['status'], string> = {
  delivered: 'The test message was delivered.',
  unconfirmed: 'The test message may have arrived: there was no answer.',
  failed: 'The test message was not delivered',
};

/** Sends a test message, and returns the exit code. */
export async function runNotifierTest(
  context: CommandContext,
  scope: NotifierScope,
  notifierId: string,
): Promise<number> {
  const tested = await testNotifier(await notifierContext(context), scope, notifierId);
  const { status, reason } = tested;
  if (context.json) printJson(tested);
  else printLine(status === 'failed' ? `${WORDS.failed} (${reason}).` : WORDS[status]);
  return status === 'delivered' ? ExitCode.ok : ExitCode.failed;
}
