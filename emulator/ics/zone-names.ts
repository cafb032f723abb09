import type ICAL from 'ical.js';
import { findIana } from 'windows-iana';
import { isTimeZone } from '../recurrence/zones.ts';

/** Finds the IANA zone behind a TZID of a file; undefined where there is none. */
export function ianaZone(tzid: string, calendar: ICAL.Component): string | undefined {
  const name = tzid.replace(/^"|"$/g, '');
  if (isTimeZone(name)) return name;
  // Mozilla and Evolution prefix the zone with their own path: /mozilla.org/20050126_1/Europe/Berlin.
  const parts = name.split('/').filter((part) => part !== '');
  for (const take of [3, 2]) {
    const tail = parts.slice(-take).join('/');
    if (parts.length >= take && isTimeZone(tail)) return tail;
  }
  const definition = calendar
    .getAllSubcomponents('vtimezone')
    .find((component) => component.getFirstPropertyValue('tzid') === tzid);
  const location = definition?.getFirstPropertyValue('x-lic-location');
  if (typeof location === 'string' && isTimeZone(location)) return location;
  const [windowsZone] = findIana(name) as string[];
  return windowsZone;
}
