import '@fullcalendar/react/skeleton.css';
import '@fullcalendar/react/themes/classic/theme.css';
import '@fullcalendar/react/themes/classic/palette.css';
import './week.css';
import FullCalendar, { type EventInput } from '@fullcalendar/react';
import dayGrid from '@fullcalendar/react/daygrid';
import theme from '@fullcalendar/react/themes/classic';
import timeGrid from '@fullcalendar/react/timegrid';
import type { Range } from '../../data/week-queries.ts';
import type { Entry } from './entries.ts';

/** White text has a contrast of 4.5 or more with each. */
const COLOURS = ['#3b5bdb', '#0b7285', '#862e9c', '#237032', '#a61e4d', '#8a5a00'];
const CLOCK = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
const BLOCK_COLOUR = '#4a5568';

interface WeekCalendarProps {
  entries: Entry[];
  free: { start: string; end: string }[];
  /** Order of the colours. */
  calendarIds: string[];
  timeZone: string;
  onRange: (range: Range) => void;
  onChoose: (entryId: string) => void;
}

/** Loaded with the page that needs it. */
export default function WeekCalendar(props: WeekCalendarProps) {
  const { entries, free, calendarIds, timeZone, onRange, onChoose } = props;
  const colourOf = new Map(calendarIds.map((id, index) => [id, COLOURS[index % COLOURS.length]]));
  const events: EventInput[] = [
    ...entries.map(({ id, title, start, end, allDay, calendarId, busy, tentative, block }) => ({
      id,
      title,
      start,
      end,
      allDay,
      color: colourOf.get(calendarId ?? '') ?? BLOCK_COLOUR,
      contrastColor: '#ffffff',
      interactive: true,
      className: [
        'week-entry',
        !busy && 'week-entry-free',
        tentative && 'week-entry-tentative',
        block !== null && 'week-entry-block',
      ]
        .filter(Boolean)
        .join(' '),
    })),
    ...free.map(({ start, end }) => ({ start, end, display: 'background' as const })),
  ];
  return (
    <FullCalendar
      plugins={[theme, timeGrid, dayGrid]}
      initialView={window.innerWidth < 760 ? 'timeGridDay' : 'timeGridWeek'}
      headerToolbar={{
        start: 'today prev,next',
        center: 'title',
        end: 'timeGridDay,timeGridWeek,dayGridMonth',
      }}
      buttons={{
        timeGridDay: { text: 'Day' },
        timeGridWeek: { text: 'Week' },
        dayGridMonth: { text: 'Month' },
        // Otherwise its name would be "This week", which is not what it shows.
        today: { text: 'Today', hint: 'Today' },
      }}
      firstDay={1}
      nowIndicator
      height="auto"
      slotHeaderFormat={CLOCK}
      eventTimeFormat={CLOCK}
      titleFormat={{ day: 'numeric', month: 'long', year: 'numeric' }}
      dayHeaderFormat={{ weekday: 'short', day: 'numeric' }}
      slotMinTime="06:00"
      slotMaxTime="23:00"
      timeZone={timeZone}
      events={events}
      datesSet={({ startStr, endStr }) => onRange({ from: toInstant(startStr), to: toInstant(endStr) })}
      eventClick={({ event }) => onChoose(event.id)}
    />
  );
}

const toInstant = (zoned: string): string => new Date(zoned).toISOString();
