/** A stretch of time in minutes since the start of the window; `end` is exclusive. */
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

/** What is left of `spans` without `taken`; both as `unite` gives them. */
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

/** The part of `spans` between two minutes. */
export function clip(spans: readonly Span[], from: number, until: number): Span[] {
  return spans
    .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, until) }))
    .filter(({ start, end }) => start < end);
}

export function totalMinutes(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
