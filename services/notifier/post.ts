import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { allowedAddresses, type Resolve } from './allowed-addresses.ts';
import { NoticeRefusedError } from './notifier.ts';

const TIMEOUT_MS = 10_000;
const GONE = 410;

/** Reason for a host without an allowed address. */
const NOT_ALLOWED = 'its address is not public';

export interface PostOptions {
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

interface Payload {
  body: string;
  headers?: Record<string, string>;
}

/** Resolves to the answer. Its body is not read. */
function exchange(
  url: URL,
  { body, headers }: Payload,
  addresses: LookupAddress[],
  signal: AbortSignal,
): Promise<Pick<IncomingMessage, 'statusCode' | 'headers'>> {
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    let connected = false;
    const request = (isSecure ? requestHttps : requestHttp)(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      agent: false,
      lookup: pinnedTo(addresses),
      signal,
    });
    request.on('socket', (socket) =>
      socket.once(isSecure ? 'secureConnect' : 'connect', () => (connected = true)),
    );
    request.on('response', (response) => {
      resolve(response);
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
 * Posts JSON. Redirects are not followed and the body of the answer is not read, so only the given address sees
 * the message or influences the result. Hosts in private networks are refused unless `networks` allows them.
 * @throws NoticeRefusedError when the message was certainly not accepted
 */
export async function post(
  url: URL,
  payload: Payload,
  { networks = [], timeoutMs = TIMEOUT_MS, resolve }: PostOptions = {},
): Promise<void> {
  const addresses = await allowedAddresses(url.hostname, networks, resolve).catch((error: unknown) => {
    throw new NoticeRefusedError(codeOf(error));
  });
  if (addresses.length === 0) throw new NoticeRefusedError(NOT_ALLOWED);
  const { statusCode = 0, headers } = await exchange(url, payload, addresses, AbortSignal.timeout(timeoutMs));
  if (statusCode >= 200 && statusCode <= 299) return;
  throw new NoticeRefusedError(String(statusCode), {
    isGone: statusCode === GONE,
    retryAfterSeconds: secondsOf(headers['retry-after']),
  });
}

/** A Retry-After in seconds; its other form, a date, depends on two clocks. */
function secondsOf(retryAfter: string | undefined): number {
  return retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : 0;
}
