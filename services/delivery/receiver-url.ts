import { z } from 'zod';
import { isWebhookUrl } from '../../contracts/webhook-urls.ts';
import { InvalidInputError } from '../errors.ts';
import { allowedAddresses } from '../notifier/allowed-addresses.ts';
import type { PostGuard } from '../notifier/guarded-post.ts';
import { withinTime } from '../within-time.ts';

const MOST_URL_LENGTH = 2_048;
const LONGEST_LOOKUP_MS = 5_000;
const URL_RULE =
  'must be an https URL without a user, like https://example.com/hooks/1; http only for localhost';

/** URL of a receiver. */
export const receiverUrlSchema = z
  .string({ error: URL_RULE })
  .max(MOST_URL_LENGTH, `must have at most ${MOST_URL_LENGTH} characters`)
  .refine((value) => isWebhookUrl(value) && new URL(value).hash === '', URL_RULE)
  .transform((value) => new URL(value).href)
  .describe('URL that deliveries are posted to. Its host must have a public address');

/**
 * Checks that a receiver's host has an address that may be connected to. Each delivery checks it again.
 * @throws InvalidInputError when it has none
 */
export async function requireAllowed(url: string, { networks = [], resolve }: PostGuard): Promise<void> {
  const { hostname } = new URL(url);
  const found = await withinTime(LONGEST_LOOKUP_MS, new AbortController().signal, (signal) =>
    Promise.race([
      allowedAddresses(hostname, networks, resolve).catch(() => []),
      new Promise<never[]>((give) => signal.addEventListener('abort', () => give([]), { once: true })),
    ]),
  );
  if (found.length === 0)
    throw new InvalidInputError(
      'url',
      'must have a host with a public address, or one that the operator allows',
    );
}
