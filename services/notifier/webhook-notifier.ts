import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { allowedAddresses, type Resolve } from './allowed-addresses.ts';
import { noticeText } from './notice-text.ts';
import { NoticeRefusedError, type Notifier } from './notifier.ts';

const TIMEOUT_MS = 10_000;

/** Reason for a host without an allowed address. */
const NOT_ALLOWED = 'its address is not public';

interface WebhookOptions {
  /** Networks in CIDR notation that may be connected to although they are not public. */
  networks?: readonly string[];
  timeoutMs?: number;
  resolve?: Resolve;
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return name === 'TimeoutError' ? 'no answer' : 'no connection';
}

/** Connects to the checked addresses, so that a later DNS answer cannot redirect the request. */
function pinnedTo(addresses: LookupAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [{ address, family } = { address: '', family: 0 }] = addresses;
    if (all) callback(null, addresses);
    else callback(null, address, family);
  };
}

/** Resolves to the HTTP status. The body of the answer is not read. */
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
      // Without a trusted connection nothing was sent. The original error is dropped, because it may name the
      // address.
      if (connected) reject(new Error(`It is unknown whether the notice was delivered (${code}).`));
      else reject(new NoticeRefusedError(code));
    });
    request.end(body);
  });
}

/**
 * Posts `{"text": …}`, the format of Slack and compatible services. Redirects are not followed and the body
 * of the answer is not read, so only the configured address sees the message or influences the result. Hosts
 * in private networks are refused unless `networks` allows them.
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
