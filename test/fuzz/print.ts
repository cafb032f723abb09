import Table from 'cli-table3';
import { type FuzzReport, isClean } from './fuzz-api.ts';

export function printFuzz(report: FuzzReport): void {
  const { seed, examples, passes, answers } = report;
  for (const { name, output, passed } of passes) {
    if (!passed) process.stdout.write(`── ${name}\n${output}\n`);
  }
  const table = new Table({ head: ['answers', 'count'], style: { head: [], border: [] } });
  // Statuses are keys that count, and those are in order.
  for (const [status, count] of Object.entries(answers)) table.push([status, count]);
  process.stdout.write(`${table.toString()}\n`);
  const verdict = isClean(report) ? 'every answer as described, none 5xx' : 'FAILED';
  process.stdout.write(`${verdict}; again: npm run fuzz:api -- --seed ${seed} --examples ${examples}\n`);
}
