import Table from 'cli-table3';
import type { Spread } from './statistics.ts';

const MIB = 1_048_576;

export function printTable(head: string[], rows: string[][]): void {
  const table = new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
  });
  table.push(...rows);
  process.stdout.write(`${table.toString()}\n`);
}

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function formatMiB(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}

/** `median (min–max)`. */
export function formatSpread({ median, min, max }: Spread): string {
  return `${formatCount(median)} (${formatCount(min)}–${formatCount(max)})`;
}
