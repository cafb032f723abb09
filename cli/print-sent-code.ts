import type { Sent } from '../services/notifier/at-once.ts';
import { printLine } from '../terminal/output.ts';
import { ExitCode } from './exit-code.ts';

/** Says what became of the e-mail with a code. */
export function printSentCode(notifierId: string, { status, reason }: Sent): ExitCode {
  if (status === 'failed') {
    printLine(
      `Notifier ${notifierId} is unconfirmed, and its code was not delivered (${reason}). Run \`almanac notifier confirm ${notifierId} --send\` to send another.`,
    );
    return ExitCode.failed;
  }
  printLine(
    `Notifier ${notifierId} is unconfirmed. Run \`almanac notifier confirm ${notifierId} --code <code>\` with the code that was sent to its address.`,
  );
  return ExitCode.ok;
}
