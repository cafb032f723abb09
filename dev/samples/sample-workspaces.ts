/** A calendar of a sample account and the kind of its events. */
export interface SampleCalendar {
  /** Undefined for the account's primary calendar. */
  name?: string;
  content: SampleContent;
}

export type SampleContent = 'personal' | 'team' | 'absences' | 'events';

interface SampleAccount {
  email: string;
  calendars: SampleCalendar[];
}

interface SampleWorkspace {
  id: string;
  timeZone: string;
  accounts: SampleAccount[];
}

/** Their three time zones change clocks on different days, or never. */
export const SAMPLE_WORKSPACES: SampleWorkspace[] = [
  {
    id: 'acme-berlin',
    timeZone: 'Europe/Berlin',
    accounts: [
      {
        email: 'anna@acme.example',
        calendars: [{ content: 'personal' }, { name: 'Platform team', content: 'team' }],
      },
      {
        email: 'office@acme.example',
        calendars: [{ content: 'events' }, { name: 'Absences', content: 'absences' }],
      },
    ],
  },
  {
    id: 'globex-new-york',
    timeZone: 'America/New_York',
    accounts: [
      {
        email: 'hank@globex.example',
        calendars: [
          { content: 'personal' },
          { name: 'Product', content: 'team' },
          { name: 'Company events', content: 'events' },
        ],
      },
    ],
  },
  {
    id: 'initech-tokyo',
    timeZone: 'Asia/Tokyo',
    accounts: [
      { email: 'yuki@initech.example', calendars: [{ content: 'personal' }] },
      {
        email: 'bill@initech.example',
        calendars: [
          { content: 'personal' },
          { name: 'Engineering', content: 'team' },
          { name: 'Vacations', content: 'absences' },
        ],
      },
    ],
  },
];

/** Refresh token of a sample account; the same in every run, so that a restart connects the same accounts. */
export function sampleRefreshToken(email: string): string {
  return `sample-grant-${email}`;
}

/** ID of a sample calendar. A primary calendar's ID is the account's address, as at Google. */
export function sampleCalendarId(email: string, { name }: SampleCalendar): string {
  if (name === undefined) return email;
  const slug = `${name} ${email}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${slug}@group.calendar.google.com`;
}
