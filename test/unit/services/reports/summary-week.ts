import { Temporal } from 'temporal-polyfill';
import { daysWithin } from '../../../../services/reports/civil-days.ts';
import type { SummaryWeek } from '../../../../services/reports/summary.ts';

/** A week without anything, of which every guest would be known. */
export function summaryWeek(data: Partial<SummaryWeek> = {}): SummaryWeek {
  const { from = '2026-01-05', timeZone = 'Europe/Berlin' } = data;
  const monday = Temporal.PlainDate.from(from);
  return {
    workspaceId: 'acme',
    week: '2026-W02',
    from,
    to: monday.add({ days: 7 }).toString(),
    timeZone,
    provenAt: null,
    now: Date.parse('2026-01-12T00:00:00Z'),
    span: daysWithin(monday, 7, timeZone),
    workHours: [],
    events: [],
    keepsGuests: true,
    blocks: [],
    habits: [],
    more: false,
    ...data,
  };
}
