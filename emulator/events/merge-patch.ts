import type { EventInput } from './normalize-event.ts';

/** PATCH as Google does it: objects merge key by key, arrays are replaced whole, null removes. */
export function mergePatch(target: EventInput, patch: EventInput): EventInput {
  const merged: EventInput = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const former = merged[key];
    if (value === null) {
      delete merged[key];
    } else if ((key === 'start' || key === 'end') && isObject(value) && isObject(former)) {
      merged[key] = mergeTime(former, value);
    } else if (isObject(value) && isObject(former)) {
      merged[key] = mergePatch(former, value);
    } else {
      merged[key] = value;
    }
  }
  return merged;
}

/** A new date replaces the former date-time, and vice versa. A new moment alone keeps the zone. */
function mergeTime(former: EventInput, patch: EventInput): EventInput {
  const merged = mergePatch(former, patch);
  if (typeof patch['date'] === 'string' && patch['dateTime'] === undefined) return { date: patch['date'] };
  if (typeof patch['dateTime'] === 'string' && patch['date'] === undefined) delete merged['date'];
  return merged;
}

function isObject(value: unknown): value is EventInput {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
