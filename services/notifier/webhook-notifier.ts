import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { allowedAddresses, type Resolve } from './allowed-addresses.ts';
import { noticeText } from './notice-text.ts';
import { NoticeRefusedError, type Notifier } from './notifier.ts';

const TIMEOUT_MS = 10_000;

/** The reason where a host has no address that may be connected to. */
const NOT_ALLOWED = 'its address is not public';

interface WebhookOptions {
  /** In CIDR notation: addresses that may be connected to although they are not public. */
  networks?: readonly string[];
  timeoutMs?: number;
  resolve?: Resolve;
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return name === 'TimeoutError' ? 'no answer' : 'no connection';
}

/** Connects to what was looked at, whatever the name resolves to by now. */
function pinnedTo(addresses: LookupAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [{ address, family } = { address: '', family: 0 }] = addresses;
    if (all) callback(null, addresses);
    else callback(null, address, family);
  };
}

/** Resolves to the status. Nothing of the answer's body is read. */
function post(url: URL, body: string, addresses: LookupAddress[], signal: AbortSignal): Promise<number> {
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    let connected = false;
    const request = (isSecure ? requestHttps : requestHttp)(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      agent: false,
      lookup: pinnedTo(addresses),
      signal,
    });
    request.on('socket', (socket) =>
      socket.once(isSecure ? 'secureConnect' : 'connect', () => (connected = true)),
    );
    request.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.on('error', (error) => {
      const code = codeOf(error);
      // Without a connection, and one that is trusted, nothing was sent. Not the error itself: it may name the address.
      if (connected) reject(new Error(`It is unknown whether the notice has arrived (${code}).`));
      else reject(new NoticeRefusedError(code));
    });
    request.end(body);
  });
}

/**
 * Posts `{"text": …}`, as Slack and those who speak like it take it. Redirects are not followed, and the answer's
 * body is not read: nobody but the address that is configured gets to see the message or to say anything back. Hosts
 * in private networks are reached only where that is asked for.
 */
export function createWebhookNotifier(
  address: string,
  { networks = [], timeoutMs = TIMEOUT_MS, resolve }: WebhookOptions = {},
): Notifier {
  const url = new URL(address);
  return {
    async send(message) {
      const addresses = await allowedAddresses(url.hostname, networks, resolve).catch((error: unknown) => {
        throw new NoticeRefusedError(codeOf(error));
      });
      if (addresses.length === 0) throw new NoticeRefusedError(NOT_ALLOWED);
      const body = JSON.stringify({ text: noticeText(message) });
      const status = await post(url, body, addresses, AbortSignal.timeout(timeoutMs));
      if (status < 200 || status > 299) throw new NoticeRefusedError(String(status));
    },
  };
}
