import { cpus } from 'node:os';
import type { ComparisonOptions } from './compare-peers.ts';
import { KILL_PAGE_SIZE } from './kill-test.ts';
import { type PeersTable, toMarkdown } from './tables.ts';

/** The comparison as a page. */
export function toPage(tables: readonly PeersTable[], options: ComparisonOptions): string {
  const { runs, recurringShare, killEvents } = options;
  return [
    '# Almanac beside its peers',
    '',
    `Made by \`npm run bench\` on ${cpus().length} processors, Node ${process.version}: median (lowest–highest) of ${runs} runs of each,`,
    `in turn, each with a fresh database and a process that has synced once before. ${recurringShare * 100} % of the events are series. [README.md](README.md)`,
    'says what each does and what the figures are.',
    '',
    toMarkdown(tables),
    ...(killEvents > 0
      ? [
          `Three kills each, of a calendar generated with ${killEvents} events, ${KILL_PAGE_SIZE} to a page.`,
          '',
        ]
      : []),
  ].join('\n');
}
