import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { allowedAddresses, type Resolve } from './allowed-addresses.ts';

const TIMEOUT_MS = 10_000;

/** Reason for a host without an allowed address. */
const NOT_ALLOWED = 'its address is not public';

export interface PostGuard {
  /** Networks in CIDR notation that may be connected to although they are not public. */
  networks?: readonly string[];
  timeoutMs?: number;
  resolve?: Resolve;
}

/** Parts of an answer that matter to its sender. The body is not read. */
export interface PostAnswer {
  status: number;
  /** Header `retry-after`. */
  retryAfter: string | undefined;
}

/** There was no answer. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  /** A code; never the address, which may be a secret. */
  readonly reason: string;
  /** Whether the request may have arrived. */
  readonly mayHaveArrived: boolean;

  constructor(reason: string, mayHaveArrived: boolean) {
    super(`There was no answer (${reason}).`);
    this.reason = reason;
    this.mayHaveArrived = mayHaveArrived;
  }
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

interface Request {
  body: string;
  headers?: Record<string, string>;
}

/**
 * Posts JSON to an address that others have chosen. Redirects are not followed and the body of the answer is
 * not read, so only that address sees the message or influences the result. Hosts in private networks are
 * refused unless `networks` allows them.
 * @throws NoAnswerError when there was none
 */
export async function guardedPost(
  url: URL,
  request: Request,
  { networks = [], timeoutMs = TIMEOUT_MS, resolve }: PostGuard = {},
): Promise<PostAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const addresses = await allowedAddresses(url.hostname, networks, resolve).catch((error: unknown) => {
    throw new NoAnswerError(codeOf(error), false);
  });
  if (addresses.length === 0) throw new NoAnswerError(NOT_ALLOWED, false);
  return post(url, request, addresses, signal);
}

function post(
  url: URL,
  { body, headers = {} }: Request,
  addresses: LookupAddress[],
  signal: AbortSignal,
): Promise<PostAnswer> {
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
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
      response.destroy();
    });
    // Without a trusted connection nothing was sent. The original error is dropped, because it may name the
    // address.
    request.on('error', (error) => reject(new NoAnswerError(codeOf(error), connected)));
    request.end(body);
  });
}
