import { Temporal } from 'temporal-polyfill';
import type { Agenda } from './agenda.ts';

/** A section of a written agenda. */
export interface AgendaSection {
  heading: string;
  lines: string[];
}

const SPACES = /\s+/g;
const UNTITLED = '(no title)';

/** Sections of an agenda that have lines, for text and for HTML. Each line is plain text without line breaks. */
export function agendaSections(agenda: Agenda): AgendaSection[] {
  const { events, blocks, unplanned, conflicts, cut } = agenda;
  const time = timesOf(agenda);
  const sections = [
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
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

const titled = (title: string | null) => title?.replaceAll(SPACES, ' ').trim() || UNTITLED;

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
