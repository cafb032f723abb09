export const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Rule of `isWebhookUrl`, as a phrase that follows the name of the field. */
export const WEBHOOK_URL_RULE =
  'must be an https URL without a user, like https://hooks.example.com/services/1; http only for localhost';

/**
 * Whether messages may be posted to a URL. Plain http is allowed only on localhost, because messages would
 * otherwise cross the network unencrypted.
 */
export function isWebhookUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  const isLocal = LOOPBACK.includes(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isLocal)) && username + password === '';
}
