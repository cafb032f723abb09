import { invalidParameter } from './google-error.ts';
import { isRecord } from './request-parts.ts';

/** A parsed `fields` parameter: each key is kept whole (`true`) or in part. */
export type FieldsMask = Map<string, FieldsMask | true>;

/** Parses Google's partial-response syntax: `a,b/c,items(id,start/date)`. */
export function parseFieldsMask(text: string): FieldsMask {
  let at = 0;
  const fail = () => invalidParameter('fields', `Invalid field selection ${text}`);

  function group(closing: string): FieldsMask {
    const mask: FieldsMask = new Map();
    for (;;) {
      item(mask);
      const next = text[at++] ?? '';
      if (next === closing) return mask;
      if (next !== ',') throw fail();
    }
  }
  function item(mask: FieldsMask): void {
    const name = /^\s*([\w*-]+)\s*/.exec(text.slice(at, at + 200));
    if (!name) throw fail();
    at += name[0].length;
    const key = name[1]!;
    const former = mask.get(key);
    if (text[at] === '/') {
      at += 1;
      const inner: FieldsMask = former instanceof Map ? former : new Map();
      item(inner);
      if (former !== true) mask.set(key, inner);
    } else if (text[at] === '(') {
      at += 1;
      mask.set(key, group(')'));
    } else {
      mask.set(key, true);
    }
  }
  return group('');
}

/** Keeps the fields that the mask names; in arrays, of each item. */
export function applyFieldsMask(value: unknown, mask: FieldsMask | true | undefined): unknown {
  if (mask === undefined || mask === true) return value;
  if (Array.isArray(value)) return value.map((item) => applyFieldsMask(item, mask));
  if (!isRecord(value)) return value;
  if (mask.get('*') === true) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, inner] of mask) {
    if (key === '*') {
      for (const each of Object.keys(value)) kept[each] = applyFieldsMask(value[each], inner);
    } else if (value[key] !== undefined) {
      kept[key] = inner === true ? value[key] : applyFieldsMask(value[key], inner);
    }
  }
  return kept;
}
