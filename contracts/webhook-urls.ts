export const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Rule of `isSiteOrigin`, as a phrase that follows the name of the field. */
export const SITE_ORIGIN_RULE = 'must be an origin like https://app.example.com; http only for localhost';

/** No character that ends a value in a header, such as a semicolon, which a URL may have in its host. */
const PLAIN_ORIGIN = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?$/;

/** Whether a text is the origin of a site, and safe in a Content-Security-Policy. */
export function isSiteOrigin(value: string): boolean {
  if (!PLAIN_ORIGIN.test(value) || !URL.canParse(value) || new URL(value).origin !== value) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || LOOPBACK.includes(hostname);
}

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
