import { isTimeZone, wallToEpochMs } from './zones.ts';

/** The parsed lines of `recurrence[]`. Moments are instants in milliseconds. */
export interface RecurrenceLines {
  rules: string[];
  exrules: string[];
  rdates: number[];
  exdates: Set<number>;
  /** Whole days (wall-time midnights) that a date-only EXDATE removes. */
  exdays: Set<number>;
}

const VALUE = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/i;

/** Reads RRULE, EXRULE, RDATE and EXDATE lines; `zone` is the series' own. Unknown lines are ignored. */
export function parseRecurrenceLines(lines: string[], zone: string): RecurrenceLines {
  const read: RecurrenceLines = { rules: [], exrules: [], rdates: [], exdates: new Set(), exdays: new Set() };
  for (const line of lines) {
    const colon = line.indexOf(':');
    const [name = '', ...parameters] = line.slice(0, colon).split(';');
    const value = line.slice(colon + 1).trim();
    if (colon < 0 || value === '') continue;
    switch (name.toUpperCase()) {
      case 'RRULE':
        read.rules.push(value);
        break;
      case 'EXRULE':
        read.exrules.push(value);
        break;
      case 'RDATE':
        for (const moment of moments(value, parameters, zone)) read.rdates.push(moment.ms);
        break;
      case 'EXDATE':
        for (const moment of moments(value, parameters, zone)) {
          if (moment.dateOnly) read.exdays.add(moment.wallMs);
          else read.exdates.add(moment.ms);
        }
        break;
    }
  }
  return read;
}

function moments(value: string, parameters: string[], seriesZone: string) {
  const tzid = parameters.find((parameter) => /^TZID=/i.test(parameter))?.slice(5);
  const zone = tzid && isTimeZone(tzid) ? tzid : seriesZone;
  return value.split(',').flatMap((item) => {
    // A PERIOD value is a start and an end; only its start names the occurrence.
    const match = VALUE.exec(item.split('/')[0]!.trim());
    if (!match) return [];
    const [, y, m, d, hh = '0', mm = '0', ss = '0', utc] = match;
    const wallMs = Date.UTC(Number(y), Number(m) - 1, Number(d), Number(hh), Number(mm), Number(ss));
    const dateOnly = match[4] === undefined;
    const ms = utc ? wallMs : wallToEpochMs(dateOnly ? seriesZone : zone, wallMs);
    return [{ ms, wallMs, dateOnly }];
  });
}
