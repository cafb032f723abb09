/**
 * An escape in JSON text that Postgres refuses: NUL, or half of a surrogate pair. Both can be typed into
 * titles.
 */
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

function storableText(text: string): string {
  return Buffer.from(text.replaceAll('\0', '\uFFFD')).toString();
}

function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // Keys of extended properties are chosen by clients, so they may be unstorable, too.
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [storableText(key), part]));
}

/** JSON text for a `jsonb` parameter. Characters that Postgres cannot store become U+FFFD. */
export function toJsonb(value: unknown): string {
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text) ? JSON.stringify(value, storable) : text;
}

/** Plain JSON that Postgres can store, for columns that Prisma writes. */
export function toJson(value: object) {
  return JSON.parse(toJsonb(value)) as Record<string, never>;
}
