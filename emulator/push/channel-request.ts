import { GoogleError, invalidBody } from '../http/google-error.ts';
import { fieldsOf } from '../http/request-parts.ts';

const MAX_ID = 64;
const MAX_TOKEN = 256;
/** Seven days: Google's default and its limit. */
const MAX_TTL_SECONDS = 604_800;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

interface ChannelRules {
  nowMs: number;
  pushSupported: boolean;
  isUsed: (id: string) => boolean;
}

/** Reads the body of events.watch. */
export function readChannelRequest(body: unknown, { nowMs, pushSupported, isUsed }: ChannelRules) {
  const { id, type, address, token, expiration, params } = fieldsOf(body);
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID || !/^[A-Za-z0-9\-_+/=]+$/.test(id)) {
    throw invalidBody('Invalid channel id.', 'invalid');
  }
  if (type !== 'web_hook' && type !== 'webhook') throw invalidBody('Unknown channel type.', 'unknownType');
  if (typeof address !== 'string' || !isAllowedAddress(address)) {
    throw invalidBody('WebHook callback must be HTTPS', 'push.webhookUrlNotHttps');
  }
  if (token !== undefined && (typeof token !== 'string' || token.length > MAX_TOKEN)) {
    throw invalidBody('Channel token too long.', 'invalid');
  }
  if (!pushSupported) {
    throw calendarError(
      'pushNotSupportedForRequestedResource',
      'Push notifications are not supported by this resource.',
    );
  }
  if (isUsed(id)) throw calendarError('channelIdNotUnique', `Channel id ${id} not unique`, 'global');

  const ttl = Number(fieldsOf(params)['ttl'] ?? MAX_TTL_SECONDS);
  const limitMs = nowMs + Math.min(ttl > 0 ? ttl : MAX_TTL_SECONDS, MAX_TTL_SECONDS) * 1000;
  const asked = expiration === undefined || expiration === null ? limitMs : Number(expiration);
  if (!Number.isFinite(asked) || asked <= nowMs) throw invalidBody('Invalid channel expiration.');
  return { id, address, token, expirationMs: Math.min(asked, limitMs) };
}

/** HTTPS, or plain HTTP on this machine, which Google would refuse. */
function isAllowedAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

function calendarError(reason: string, message: string, domain = 'calendar'): GoogleError {
  return new GoogleError(400, { domain, reason, message });
}
