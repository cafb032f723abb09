import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorEnvelope, type GoogleError } from '../http/google-error.ts';
import type { Fault } from './fault-book.ts';

const never = () => new Promise<never>(() => {});
const DEFAULT_STATUS = 503;

/** Whether the fault needs the real answer before it strikes. */
export function strikesAfterwards(fault: Fault): boolean {
  const { afterCommit, truncateBody, emptyItems, withoutItems } = fault;
  return afterCommit === true || truncateBody === true || emptyItems === true || withoutItems !== undefined;
}

/** Applies a fault instead of the handler. Returns if the fault only delays. */
export async function strikeBefore(
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.hang) await never();
  if (fault.resetConnection) {
    request.raw.socket.resetAndDestroy();
    await never();
  }
  if (!failsWithStatus(fault)) return;
  const { status, contentType, body } = failure(fault, request.url);
  if (fault.retryAfterSeconds !== undefined)
    void reply.header('retry-after', String(fault.retryAfterSeconds));
  await reply.status(status).type(contentType).send(body);
}

/** Applies a fault to a finished answer. Returns the body to send instead. */
export async function strikeAfter(
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: string,
): Promise<string> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.hang) await never();
  if (fault.resetConnection) {
    request.raw.socket.resetAndDestroy();
    await never();
  }
  if (fault.truncateBody) await sendHalf(reply, payload);
  if (fault.emptyItems) return JSON.stringify({ ...JSON.parse(payload), items: [] });
  if (fault.withoutItems) return leaveOut(payload, fault.withoutItems);
  if (!failsWithStatus(fault)) return payload;
  const { status, contentType, body } = failure(fault, request.url);
  if (fault.retryAfterSeconds !== undefined)
    void reply.header('retry-after', String(fault.retryAfterSeconds));
  void reply.status(status).type(contentType);
  return body;
}

function leaveOut(payload: string, ids: readonly string[]): string {
  const listing = JSON.parse(payload) as { items?: { id?: string }[] };
  const items = listing.items?.filter(({ id }) => id === undefined || !ids.includes(id));
  return JSON.stringify({ ...listing, items });
}

function failsWithStatus(fault: Fault): boolean {
  return fault.status !== undefined || fault.htmlBody !== undefined;
}

function failure(fault: Fault, url: string): { status: number; contentType: string; body: string } {
  const status = fault.status ?? DEFAULT_STATUS;
  if (fault.htmlBody !== undefined)
    return { status, contentType: 'text/html; charset=UTF-8', body: fault.htmlBody };
  const reason = fault.reason ?? (status >= 500 ? 'backendError' : 'invalid');
  const message = fault.message ?? (status >= 500 ? 'Backend Error' : reason);
  const envelope = url.startsWith('/calendar/')
    ? errorEnvelope(status, { domain: fault.domain ?? 'global', reason, message })
    : { error: reason, error_description: message };
  return { status, contentType: 'application/json; charset=UTF-8', body: JSON.stringify(envelope) };
}

async function sendHalf(reply: FastifyReply, payload: string): Promise<void> {
  const bytes = Buffer.from(payload);
  const { raw } = reply;
  raw.writeHead(reply.statusCode, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': bytes.length,
  });
  raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => raw.destroy());
  await never();
}

/** The body of an error thrown by a route. */
export function sendGoogleError(reply: FastifyReply, error: GoogleError): FastifyReply {
  if (error.retryAfterSeconds !== undefined)
    void reply.header('retry-after', String(error.retryAfterSeconds));
  if (error.challenge !== undefined) void reply.header('www-authenticate', error.challenge);
  return reply
    .status(error.status)
    .type('application/json; charset=UTF-8')
    .send(JSON.stringify(error.envelope()));
}
