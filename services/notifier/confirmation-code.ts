import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database, Transaction } from '../../prisma/client.ts';
import { digest } from '../keys/secret-token.ts';
import { type AtOnce, claimAtOnce, sendAtOnce, type Sent } from './at-once.ts';
import type { Receiver, Sending } from './send-message.ts';

const HOURS = 24;
export const MOST_ATTEMPTS = 5;
/** Crockford's: no letter that is taken for another one. 50 bits are beyond guessing in a day. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const HALF = 5;
const CODE = new RegExp(`^[${ALPHABET}]{${2 * HALF}}$`);

/** A code as people type it: in either case, with or without the hyphen. */
export const confirmationCode = z
  .string()
  .transform((text) => text.replaceAll(/[\s-]/g, '').toUpperCase())
  .refine((code) => CODE.test(code), 'must be the code of the e-mail: ten letters and digits')
  .describe('Code of the e-mail');

/** A new code of a notifier, and the claimed message that takes it to the address. */
export interface IssuedCode {
  code: string;
  message: AtOnce;
}

/** Digest of a code for one notifier. */
export const codeDigest = (notifierId: string, code: string) => digest(`${notifierId}/${code}`);

/**
 * Replaces the code of an unconfirmed notifier.
 * @throws RateLimitedError when the scope has sent too many codes within an hour
 */
export async function issueCode(
  transaction: Transaction,
  scope: string | null,
  notifierId: string,
): Promise<IssuedCode> {
  const message = await claimAtOnce(transaction, { scope, notifierId, topic: 'confirmation' });
  // 256 is a multiple of 32, so every character is as likely.
  const code = [...randomBytes(2 * HALF)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  await transaction.$executeRaw`
    update notifiers set code_hash = ${codeDigest(notifierId, code)}, code_attempts = 0,
      code_expires_at = now() + ${HOURS}::int * interval '1 hour'
    where id = ${notifierId}::uuid`;
  return { code, message };
}

/**
 * Sends a code. The e-mail holds nothing that its creator has written, because it may go to a stranger, and no
 * link, because programs that check e-mails follow links.
 */
export async function sendCode(
  context: { database: Database; sending: Sending },
  { code, message }: IssuedCode,
  receiver: Receiver,
): Promise<Sent> {
  return sendAtOnce(context, message, receiver, {
    topic: 'confirmation',
    headline: 'Almanac asks whether it may send notices to this address',
    lines: [
      `The code is ${code.slice(0, HALF)}-${code.slice(HALF)}. It is valid for ${HOURS} hours.`,
      'Give it to the person who has entered your address, if you want the notices.',
      'Otherwise there is nothing to do: without the code nothing more is sent.',
    ],
  });
}
