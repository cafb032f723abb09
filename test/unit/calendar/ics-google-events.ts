import type { GoogleEvent } from '../../../calendar/google-event.ts';

interface Property {
  name: string;
  tzid: string | undefined;
  line: string;
  value: string;
}

/** Takes apart the properties of each VEVENT, without those of the alarms inside it. */
function readEvents(text: string): Property[][] {
  const events: Property[][] = [];
  const open: string[] = [];
  for (const line of text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    const [, head = '', value = ''] = /^((?:[^":]|"[^"]*")*):(.*)$/.exec(line) ?? [];
    const [name = '', ...parameters] = head.split(';');
    if (name === 'BEGIN' && value === 'VEVENT') events.push([]);
    if (name === 'BEGIN') open.push(value);
    else if (name === 'END') open.pop();
    else if (open.at(-1) === 'VEVENT') {
      const tzid = parameters.find((parameter) => parameter.startsWith('TZID='))?.slice('TZID='.length);
      events.at(-1)?.push({ name, tzid, line, value });
    }
  }
  return events;
}

function googleTime(property: Property | undefined, calendarTimeZone: string) {
  const [, year, month, day, time, utc] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d{6})(Z?))?$/.exec(property?.value ?? '') ?? [];
  if (!year) return undefined;
  const date = `${year}-${month}-${day}`;
  if (!time) return { date };
  const dateTime = `${date}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}${utc}`;
  return { dateTime, timeZone: property?.tzid ?? calendarTimeZone };
}

/** The events of an iCalendar file as `events.list` would give them, as far as expansion looks at them. */
export function icsToGoogleEvents(text: string): { timeZone: string; events: GoogleEvent[] } {
  const timeZone = /^X-WR-TIMEZONE:(.*?)\r?$/m.exec(text)?.[1] ?? 'UTC';
  const events = readEvents(text).map((properties): GoogleEvent => {
    const first = (name: string) => properties.find((property) => property.name === name);
    const uid = first('UID')?.value ?? '';
    const original = first('RECURRENCE-ID');
    const times = {
      start: googleTime(first('DTSTART'), timeZone),
      end: googleTime(first('DTEND'), timeZone),
    };
    if (original) {
      const originalStartTime = googleTime(original, timeZone);
      return {
        id: `${uid} ${original.value}`,
        recurringEventId: uid,
        iCalUID: uid,
        originalStartTime,
        ...times,
      };
    }
    const recurrence = properties.filter(({ name }) => /^(RRULE|EXRULE|RDATE|EXDATE)$/.test(name));
    return { id: uid, iCalUID: uid, recurrence: recurrence.map(({ line }) => line), ...times };
  });
  return { timeZone, events };
}
