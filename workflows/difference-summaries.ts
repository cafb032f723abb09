import {
  DIFFERENCE_KINDS,
  type DifferenceKind,
  type DifferenceSummaries,
  type DifferenceSummary,
  MAX_EXAMPLES,
} from '../contracts/verification.ts';

export function emptySummaries(): DifferenceSummaries {
  const entries = DIFFERENCE_KINDS.map((kind) => [kind, { found: 0, repaired: 0, examples: [] }] as const);
  return Object.fromEntries(entries) as unknown as Record<DifferenceKind, DifferenceSummary>;
}

/** Adds `more` to `totals`, in place. Only the first examples are kept. */
export function addSummaries(totals: DifferenceSummaries, more: DifferenceSummaries): void {
  for (const kind of DIFFERENCE_KINDS) {
    const total = totals[kind];
    const { found, repaired, examples } = more[kind];
    total.found += found;
    total.repaired += repaired;
    total.examples.push(...examples.slice(0, MAX_EXAMPLES - total.examples.length));
  }
}

export function countDifferences(summaries: DifferenceSummaries, field: 'found' | 'repaired'): number {
  return DIFFERENCE_KINDS.reduce((total, kind) => total + summaries[kind][field], 0);
}
