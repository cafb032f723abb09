import { describe, expect, it } from 'vitest';
import { MAX_AGENDA_ITEMS } from '../../../../contracts/limits.ts';
import type { Occurrence } from '../../../../services/reading/list-occurrences.ts';
import { type AgendaDay, makeAgenda } from '../../../../services/reports/agenda.ts';
import { agendaReport } from '../../../../services/reports/agenda-lines.ts';
import { reportHtml } from '../../../../services/reports/report-html.ts';
import { reportText } from '../../../../services/reports/report-text.ts';

let events = 0;
function event(start: string, end: string, data: Partial<Occurrence> = {}): Occurrence {
  events += 1;
  return {
    id: `id-${events}`,
    workspaceId: 'acme',
    calendarId: 'calendar',
    googleCalendarId: 'ada@example.com',
    googleEventId: `event-${events}`,
    title: `Event ${events}`,
    start,
    end,
    allDay: !start.includes('T'),
    status: 'confirmed',
    busy: true,
    ...data,
  };
}

const day = (data: Partial<AgendaDay> = {}) =>
  makeAgenda({
    workspaceId: 'acme',
    day: '2026-01-05',
    timeZone: 'Europe/Berlin',
    provenAt: null,
    events: [],
    blocks: [],
    unplanned: [],
    more: false,
    ...data,
  });

const at = (time: string) => `2026-01-05T${time}:00Z`;

describe('the conflicts of a day', () => {
  const conflictsOf = (...all: Occurrence[]) => day({ events: all }).conflicts;

  it('are pairs of events that take up the same time', () => {
    const found = conflictsOf(
      event(at('09:00'), at('11:00'), { title: 'One' }),
      event(at('10:00'), at('12:00'), { title: 'Two' }),
      event(at('12:00'), at('13:00'), { title: 'Three' }),
    );
    expect(found).toEqual([{ start: at('10:00'), end: at('11:00'), titles: ['One', 'Two'] }]);
  });

  it('are not made by free and all-day events, or by one meeting in two calendars', () => {
    const long = event(at('09:00'), at('17:00'));
    expect(
      conflictsOf(
        event('2026-01-05', '2026-01-06'),
        long,
        { ...long, id: 'other', calendarId: 'other' },
        event(at('10:00'), at('11:00'), { busy: false }),
      ),
    ).toEqual([]);
  });

  it('are as many as are shown, however many events are at one time', () => {
    const crowd = Array.from({ length: 100 }, () => event(at('09:00'), at('10:00')));
    const agenda = day({ events: crowd });
    expect(agenda.conflicts).toHaveLength(MAX_AGENDA_ITEMS);
    expect(agenda.cut).toBe(true);
  });
});

describe('an agenda', () => {
  const block = {
    kind: 'task' as const,
    title: 'Report',
    start: at('08:00'),
    end: at('09:00'),
    calendarId: 'own',
    googleEventId: 'block',
  };

  it('shows a block that is in Google once', () => {
    const written = event(block.start, block.end, { calendarId: 'own', googleEventId: 'block' });
    const agenda = day({ events: [written], blocks: [block] });
    expect(agenda.events).toEqual([]);
    expect(agenda.blocks).toEqual([{ kind: 'task', title: 'Report', start: block.start, end: block.end }]);
  });

  it('is written as text in the time zone of the workspace', () => {
    const agenda = day({
      events: [
        event('2026-01-05', '2026-01-06', { title: 'Holiday', busy: false }),
        event('2026-01-04T22:00:00Z', at('02:00'), { title: 'Night\ntrain' }),
        event(at('22:00'), '2026-01-06T01:00:00Z', { title: null, status: 'tentative' }),
      ],
      blocks: [block],
      unplanned: [{ kind: 'habit', refId: 'run', title: 'Run', minutes: 30 }],
    });
    expect(reportText(agendaReport(agenda))).toBe(`2026-01-05, Europe/Berlin

Events
  all day  Holiday (free)
  00:00–03:00  Night train
  23:00–24:00  (no title) (tentative)

Planned
  09:00–10:00  Report

Did not fit
  Run, 30 min
`);
  });

  it('says so where the day is empty', () => {
    expect(reportText(agendaReport(day()))).toBe('2026-01-05, Europe/Berlin\n\nNothing on this day.\n');
    expect(reportHtml(agendaReport(day()))).toContain('<p>Nothing on this day.</p>');
  });

  it('is HTML in which no title is markup', () => {
    const html = reportHtml(
      agendaReport(day({ events: [event(at('09:00'), at('10:00'), { title: `<script>"'&` })] })),
    );
    expect(html).toContain('<li>10:00–11:00  &lt;script&gt;&quot;&#39;&amp;</li>');
    expect(html).not.toContain('<script');
  });
});
