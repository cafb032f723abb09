import { Temporal } from 'temporal-polyfill';
import { WINDOWS_TO_IANA_MAP } from 'windows-iana';

/** Size at which the cache is emptied, because names come from outside. IANA has about 600. */
const MAX_CACHED_ZONE_NAMES = 2_000;
/** Longer than any name, including a producer's path. */
const MAX_NAME_LENGTH = 200;

const IANA_NAME = /^[A-Za-z][A-Za-z0-9_+/-]*$/;
/** `GMT+02:00`, `UTC-5`, `+0200`, `+02`, minus also as U+2212. Positive is east, unlike in `Etc/GMT-2`. */
const OFFSET = /^(?:GMT|UTC)?\s*([+\-\u2212])(\d{1,2})(?::?([0-5]\d))?$/i;
const LARGEST_OFFSET_HOURS = 23;

/** IANA zones by lower-case Windows name; territory 001 is the default of a name. */
const ianaByWindowsName = new Map<string, string>();
for (const { windowsName, territory, iana } of WINDOWS_TO_IANA_MAP) {
  const [first] = iana;
  const key = windowsName.toLowerCase();
  if (first !== undefined && (territory === '001' || !ianaByWindowsName.has(key)))
    ianaByWindowsName.set(key, first);
}

const resolved = new Map<string, string | null>();

/** The name in IANA's spelling. Legacy links count as zones. */
function ianaZone(name: string): string | null {
  if (!IANA_NAME.test(name)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return null;
  }
}

/** A fixed offset in Temporal's notation, `+02:00`. */
export function offsetZone(text: string): string | null {
  const [, sign, hours, minutes = '00'] = OFFSET.exec(text) ?? [];
  if (hours === undefined || Number(hours) > LARGEST_OFFSET_HOURS) return null;
  if (Number(hours) === 0 && minutes === '00') return 'UTC';
  return `${sign === '+' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}`;
}

/** Producers prefix zones with a path: `/mozilla.org/20050126_1/Europe/Berlin`, `tzone://Microsoft/Utc`. */
function zoneBehindPath(name: string): string | null {
  if (!name.startsWith('/') && !name.includes('://')) return null;
  const parts = name.split('/').filter((part) => part !== '');
  for (const take of [3, 2, 1]) {
    const tail = parts.slice(-take).join('/');
    const zone = parts.length > take ? (ianaZone(tail) ?? windowsZone(tail)) : null;
    if (zone !== null) return zone;
  }
  return null;
}

function windowsZone(name: string): string | null {
  const iana = ianaByWindowsName.get(name.toLowerCase());
  return iana === undefined ? null : ianaZone(iana);
}

function resolve(text: string): string | null {
  const name = text
    .trim()
    .replaceAll(/^["']+|["']+$/g, '')
    .trim();
  if (/^z$/i.test(name)) return 'UTC';
  return ianaZone(name) ?? offsetZone(name) ?? windowsZone(name) ?? zoneBehindPath(name);
}

/**
 * The zone that a name stands for, in Temporal's notation. A name may be IANA's (in any case, legacy links
 * included), Windows', a fixed offset, or any of these behind a producer's path. Null if there is no such
 * zone.
 */
export function findZone(name: string): string | null {
  if (name.length > MAX_NAME_LENGTH) return null;
  const known = resolved.get(name);
  if (known !== undefined) return known;
  const zone = resolve(name);
  if (resolved.size >= MAX_CACHED_ZONE_NAMES) resolved.clear();
  resolved.set(name, zone);
  return zone;
}
