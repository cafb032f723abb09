/** An escape in JSON text that Postgres refuses: NUL, or half of a surrogate pair. Both can be typed into a title. */
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value.replaceAll('\0', '\uFFFD')).toString() : value;
}

/** JSON text for a `jsonb` parameter; what Postgres cannot store becomes U+FFFD. */
export function toJsonb(value: unknown): string {
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text) ? JSON.stringify(value, storable) : text;
}
