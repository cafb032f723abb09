import type { EmulatorAdmin } from '../../emulator/admin.ts';
import type { JournalEntry, OwnedEvent } from './write-journal.ts';

/** Where Google or its mails are not what callers were told. */
export interface WriteError {
  /** Numbers of the workspace and of the guest of the event. */
  guest: string;
  why: string;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

export interface WriteFacts {
  /** Occurrences of the writer's calendars as Google expands them. */
  occurrences: { calendar: string; start: string; title: string; response: string | null }[];
  mails: { to: string; kind: string }[];
}

const KINDS = ['invitation', 'update', 'cancellation'] as const;
const SPAN_DAYS = 120;
const DAY_MS = 86_400_000;

/** Addresses are private, even here. */
export const numberOf = (guest: string): string => guest.match(/\d+/g)?.join('-') ?? '';

/** Reads from Google itself, without code of Almanac. */
export async function readFacts(google: EmulatorAdmin, calendars: readonly string[]): Promise<WriteFacts> {
  const from = new Date(Date.now() - SPAN_DAYS * DAY_MS).toISOString();
  const to = new Date(Date.now() + SPAN_DAYS * DAY_MS).toISOString();
  const occurrences: WriteFacts['occurrences'] = [];
  for (const calendar of calendars) {
    for (const { start, summary, attendees } of await google.listOccurrences(calendar, from, to)) {
      const own = attendees?.find(({ email }) => email === calendar);
      occurrences.push({
        calendar,
        start: new Date(start?.dateTime ?? start?.date ?? '').toISOString(),
        title: summary ?? '',
        response: own?.responseStatus ?? null,
      });
    }
  }
  return { occurrences, mails: await google.mails() };
}

/** Holds Google against what callers were told: every event is there once, or not at all, with every mail once. */
export function checkWrites(
  events: readonly OwnedEvent[],
  journal: readonly JournalEntry[],
  { occurrences, mails }: WriteFacts,
): WriteError[] {
  const errors: WriteError[] = [];
  const byStart = grouped(occurrences, ({ start }) => start);
  for (const event of events) {
    const fail = (why: string) => errors.push({ guest: numberOf(event.guest), why });
    for (const [start, title] of event.occurrences) {
      const found = byStart.get(start) ?? [];
      byStart.delete(start);
      if (found.length > 1) fail(`Google has ${found.length} at ${start}`);
      if (event.isUncertain) continue;
      const [only] = found;
      if (title === null && only !== undefined) fail(`Google has the one at ${start}, which was deleted`);
      if (title !== null && only === undefined) fail(`Google has none at ${start}`);
      if (title === null || only === undefined) continue;
      if (only.title !== title) fail(`Google has another title at ${start}`);
      if (only.calendar !== event.calendar) fail(`Google has the one at ${start} in another calendar`);
      if (event.response !== null && only.response !== event.response)
        fail(`Google has the answer ${only.response} at ${start}`);
    }
  }
  for (const start of byStart.keys())
    errors.push({ guest: '-', why: `Google has one at ${start} that no caller made` });

  const entries = grouped(journal, ({ guest }) => guest);
  const sent = grouped(mails, ({ to }) => to);
  for (const guest of new Set(events.map((event) => event.guest))) {
    for (const kind of KINDS) {
      const count = (sent.get(guest) ?? []).filter((mail) => mail.kind === kind).length;
      const limits = (entries.get(guest) ?? []).map(({ mails: expected }) => expected[kind] ?? [0, 0]);
      const least = limits.reduce((sum, [few]) => sum + few, 0);
      const most = limits.reduce((sum, [, many]) => sum + many, 0);
      if (count >= least && count <= most) continue;
      errors.push({
        guest: numberOf(guest),
        why: `its guest got ${count} mails of the kind ${kind} instead of ${least} to ${most}`,
      });
    }
  }
  return errors;
}
