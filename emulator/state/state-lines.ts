import type { CalendarMeta } from './calendar-store.ts';
import type { EmulatorState, Grant } from './emulator-state.ts';
import type { CalendarListEntry, EventVersion, FormerShape } from './types.ts';

type StateLine =
  | { type: 'emulator'; idCounter: number }
  | { type: 'user'; email: string; listSeq: number; listEpoch: number; entries: CalendarListEntry[] }
  | { type: 'grant'; grant: Grant }
  | {
      type: 'calendar';
      meta: CalendarMeta;
      metaVersion: number;
      seq: number;
      tokenEpoch: number;
      pageEpoch: number;
      updatedMs: number;
      removed: boolean;
    }
  | { type: 'event'; calendarId: string; version: EventVersion; formerShapes?: FormerShape[] | undefined };

/**
 * State as lines for a file. What the lines say is fixed when this is called, although they are written
 * later: event versions never change, so holding on to them is a snapshot.
 */
export function stateLines(state: EmulatorState): Iterable<StateLine> {
  const lines: StateLine[] = [{ type: 'emulator', idCounter: state.idCounter }];
  for (const { email, listSeq, listEpoch, entries } of state.users.values()) {
    lines.push({ type: 'user', email, listSeq, listEpoch, entries: [...entries.values()] });
  }
  for (const grant of state.grants.values()) lines.push({ type: 'grant', grant: { ...grant } });
  for (const store of state.calendars.values()) {
    const { meta, metaVersion, seq, tokenEpoch, pageEpoch, updatedMs, removed } = store;
    lines.push({ type: 'calendar', meta, metaVersion, seq, tokenEpoch, pageEpoch, updatedMs, removed });
    for (const { current, formerShapes } of store.order) {
      lines.push({ type: 'event', calendarId: meta.id, version: current, formerShapes });
    }
  }
  return lines;
}

/** Takes one line back in. Lines of a calendar's events follow the calendar's own. */
export function restoreLine(state: EmulatorState, line: StateLine): void {
  switch (line.type) {
    case 'emulator':
      state.idCounter = line.idCounter;
      break;
    case 'user': {
      const { email, listSeq, listEpoch } = line;
      const entries = new Map(line.entries.map((entry) => [entry.calendarId, entry]));
      state.users.set(email, { email, listSeq, listEpoch, entries });
      break;
    }
    case 'grant':
      state.grants.set(line.grant.refreshToken, line.grant);
      break;
    case 'calendar': {
      const { type: _type, meta, ...counters } = line;
      Object.assign(state.addCalendar(meta), counters);
      break;
    }
    case 'event': {
      const record = state.calendars.get(line.calendarId)!.restore(line.version, 0);
      if (line.formerShapes) record.formerShapes = line.formerShapes;
      break;
    }
  }
}
