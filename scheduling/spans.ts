/** A span of time in minutes since the start of the window; `end` is exclusive. */
export interface Span {
  start: number;
  end: number;
}

const byStart = (a: Span, b: Span): number => a.start - b.start || a.end - b.end;

/** The same time as sorted spans that neither touch nor overlap. */
export function unite(spans: readonly Span[]): Span[] {
  const united: Span[] = [];
  for (const span of spans.toSorted(byStart)) {
    if (span.end <= span.start) continue;
    const last = united.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else united.push({ start: span.start, end: span.end });
  }
  return united;
}

/** The parts of `spans` outside `taken`; both must be sorted and disjoint, as from `unite`. */
export function subtract(spans: readonly Span[], taken: readonly Span[]): Span[] {
  const left: Span[] = [];
  let index = 0;
  for (const span of spans) {
    let { start } = span;
    while (index > 0 && taken[index - 1]!.end > start) index--;
    while (index < taken.length && taken[index]!.end <= start) index++;
    for (; index < taken.length && taken[index]!.start < span.end; index++) {
      const hole = taken[index]!;
      if (hole.start > start) left.push({ start, end: hole.start });
      start = Math.max(start, hole.end);
    }
    if (start < span.end) left.push({ start, end: span.end });
  }
  return left;
}

/** Index of the first of sorted spans that ends after a minute. */
export function firstEndingAfter(spans: readonly Span[], minute: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end > minute) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The part of sorted spans between two minutes. */
export function clip(spans: readonly Span[], from: number, until: number): Span[] {
  const clipped: Span[] = [];
  for (let index = firstEndingAfter(spans, from); index < spans.length; index++) {
    const span = spans[index]!;
    if (span.start >= until) break;
    const inside = span.start >= from && span.end <= until;
    clipped.push(inside ? span : { start: Math.max(span.start, from), end: Math.min(span.end, until) });
  }
  return clipped;
}

export function widen({ start, end }: Span, minutes: number): Span {
  return { start: start - minutes, end: end + minutes };
}

export function totalMinutes(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
