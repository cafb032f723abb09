import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { AlreadyExistsError, InvalidInputError } from '../errors.ts';
import { parseInput } from '../input.ts';
import type { Sent } from './at-once.ts';
import { codeDigest, confirmationCode, issueCode, MOST_ATTEMPTS, sendCode } from './confirmation-code.ts';
import type { NotifierSummary } from './notifier-fields.ts';
import {
  type NotifierContext,
  type NotifierScope,
  openReceiver,
  requireNotifier,
  toSummary,
} from './notifiers.ts';

export const notifierConfirmation = z.strictObject({ code: confirmationCode });

/**
 * Activates an e-mail notifier with the code that was sent to its address. A code is used once. One that is
 * confirmed already stays as it is.
 * @throws NotFoundError when the scope has no such notifier
 * @throws InvalidInputError when it is not the latest code, or is too old, or too many others were tried
 */
export async function confirmNotifier(
  { database, tokenCipher }: Omit<NotifierContext, 'sending'>,
  scope: NotifierScope,
  notifierId: string,
  input: z.input<typeof notifierConfirmation>,
): Promise<NotifierSummary> {
  const { code } = parseInput(notifierConfirmation, input);
  const notifier = await requireNotifier(database, scope, notifierId);
  if (notifier.status === 'unconfirmed' && !(await useCode(database, notifier.id, code)))
    throw new InvalidInputError(
      'code',
      `must be the latest code, at most a day old; after ${MOST_ATTEMPTS} wrong ones another has to be sent`,
    );
  return toSummary(await requireNotifier(database, scope, notifier.id), tokenCipher);
}

async function useCode(database: Database, notifierId: string, code: string): Promise<boolean> {
  const [tried] = await database.$queryRaw<{ isRight: boolean }[]>`
    update notifiers n set code_attempts = n.code_attempts + 1, status = case when t.matches then 'active' else n.status end,
      code_hash = case when t.matches then null else n.code_hash end
    from (
      select code_hash = ${codeDigest(notifierId, code)} as matches from notifiers where id = ${notifierId}::uuid for update
    ) t
    where n.id = ${notifierId}::uuid and n.status = 'unconfirmed' and n.code_expires_at > now()
      and n.code_attempts < ${MOST_ATTEMPTS}::int and n.code_hash is not null
    returning t.matches as "isRight"`;
  return tried?.isRight ?? false;
}

/**
 * Sends another code to the address of an unconfirmed notifier. Earlier ones are no longer valid.
 * @throws NotFoundError when the scope has no such notifier
 * @throws AlreadyExistsError when it is confirmed
 * @throws RateLimitedError when the scope has sent too many codes within an hour
 */
export async function sendAnotherCode(
  context: NotifierContext,
  scope: NotifierScope,
  notifierId: string,
): Promise<Sent> {
  const { database, tokenCipher } = context;
  const notifier = await requireNotifier(database, scope, notifierId);
  if (notifier.status !== 'unconfirmed')
    throw new AlreadyExistsError(`Notifier ${notifier.id} needs no code: it is ${notifier.status}.`);
  const issued = await database.$transaction((transaction) => issueCode(transaction, scope, notifier.id));
  return sendCode(context, issued, openReceiver(notifier, tokenCipher));
}
