import type { Usage } from './list-usage.ts';

const COLUMNS = [
  'day',
  'workspaceId',
  'calendars',
  'events',
  'syncs',
  'changes',
  'eventWrites',
  'googleRequests',
  'apiCalls',
  'deliveryAttempts',
  'deliveries',
  'temporalActions',
] as const satisfies readonly (keyof Usage)[];

/** CSV with a head. No value needs quotes: they are dates, numbers and workspace IDs. */
export function usageCsv(rows: readonly Usage[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => row[column] ?? '').join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}
