import { Temporal } from 'temporal-polyfill';
import type { Agenda } from './agenda.ts';
import { type Report, titled, withLines } from './report.ts';

/** An agenda as a report. */
export function agendaReport(agenda: Agenda): Report {
  const { events, blocks, unplanned, conflicts, cut } = agenda;
  const time = timesOf(agenda);
  const sections = withLines([
    { heading: 'In words', lines: agenda.narrative === undefined ? [] : [agenda.narrative] },
    {
      heading: 'Events',
      lines: events.map(({ allDay, start, end, title, busy, status }) => {
        const notes = [...(busy ? [] : ['free']), ...(status === 'tentative' ? ['tentative'] : [])];
        const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
        return `${allDay ? 'all day' : time(start, end)}  ${titled(title)}${note}`;
      }),
    },
    {
      heading: 'Planned',
      lines: blocks.map(({ start, end, title }) => `${time(start, end)}  ${titled(title)}`),
    },
    {
      heading: 'Did not fit',
      lines: unplanned.map(({ title, minutes }) => `${titled(title)}, ${minutes} min`),
    },
    {
      heading: 'Conflicts',
      lines: conflicts.map(
        ({ start, end, titles }) => `${time(start, end)}  ${titles.map(titled).join(' / ')}`,
      ),
    },
    { heading: 'More', lines: cut ? ['This day has more than is shown here.'] : [] },
  ]);
  return {
    title: `${agenda.day}, ${agenda.timeZone}`,
    ...(sections.length === 0 && { note: 'Nothing on this day.' }),
    sections,
  };
}

/** Writes times of the day in its zone. What begins before the day begins at 00:00, what ends after it at 24:00. */
function timesOf({ day, timeZone }: Agenda): (start: string, end: string) => string {
  const clock = (text: string) => {
    const at = Temporal.Instant.from(text).toZonedDateTimeISO(timeZone);
    const order = Temporal.PlainDate.compare(at.toPlainDate(), day);
    if (order < 0) return '00:00';
    return order > 0 ? '24:00' : at.toPlainTime().toString({ smallestUnit: 'minute' });
  };
  return (start, end) => `${clock(start)}–${clock(end)}`;
}
