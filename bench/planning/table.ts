import { formatCount } from '../support/report.ts';
import type { Comparison, Start } from './measure.ts';
import type { SolverLimits } from './solver.ts';

export const HEAD = [
  'instance',
  'ceiling',
  'level 1: Almanac',
  'greedy',
  'level 2: Almanac',
  'greedy',
  'blocks',
  'CP-SAT',
  'spread',
  'CP-SAT',
  'Almanac ms',
  'CP-SAT s',
  'proven',
];

const NONE = '–';

function ratio(value: number): string {
  return value.toFixed(4);
}

/** One line of the table: ratios are to the best plan known. */
export function toRow({ kind, tasks, seed, solver, ratio: ratios, ...of }: Comparison): string[] {
  return [
    `${kind} ${tasks} #${seed}`,
    formatCount(of.ceiling),
    ratio(ratios.almanac.onTime),
    ratio(ratios.greedy.onTime),
    ratio(ratios.almanac.late),
    ratio(ratios.greedy.late),
    String(of.almanac.blocks),
    solver ? String(solver.blocks) : NONE,
    formatCount(of.almanac.spread),
    solver ? formatCount(solver.spread) : NONE,
    of.almanac.ms.toFixed(0),
    solver ? solver.seconds.toFixed(0) : NONE,
    solver ? `${solver.proven} of 5` : NONE,
  ];
}

/** The whole comparison as a page of Markdown. */
export function toMarkdown(comparisons: readonly Comparison[], limits: SolverLimits, start: Start): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const started = {
    nothing: 'from nothing',
    greedy: 'from the greedy plan',
    almanac: "from Almanac's plan",
  }[start];
  return [
    '# Plans beside the best known',
    '',
    `Made by \`npm run bench:planning\`. CP-SAT has at most ${limits.seconds} s per instance and ${limits.workers} workers, and starts ${started}.`,
    'Ratios are to the best plan that any of the three found: 1 is not below it. `proven` counts the levels that CP-SAT has proven to be',
    'the best there is, given the ones before. Blocks and spread: less is better, where the levels before are equal. No instance has',
    'blocks of an earlier run, so that level 3 is 0 for all.',
    '',
    line(HEAD),
    line(HEAD.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...comparisons.map((comparison) => line(toRow(comparison))),
    '',
  ].join('\n');
}
