import type { AskedAvailability, AvailabilityQuestion, Preference } from '../../data/availability.ts';

export interface TypedWindow {
  /** Dates. */
  from: string;
  to: string;
  /** Times of day in the reader's zone. Both empty: whole days in the zone of the question. */
  fromTime: string;
  toTime: string;
}

export interface TypedGroup {
  workspaces: string;
  /** Undefined: all of them. */
  atLeast: number | undefined;
}

/** A question as it is typed, where an empty field is undefined. */
export interface TypedQuestion {
  workspaces: string;
  windows: TypedWindow[];
  timeZone: string;
  movable: NonNullable<AvailabilityQuestion['movable']>;
  maxAgeMinutes: number | undefined;
  findsSlots: boolean;
  durationMinutes: number | undefined;
  granularityMinutes: 5 | 10 | 15 | 30 | 60;
  onlyInHours: boolean;
  bufferBeforeMinutes: number | undefined;
  bufferAfterMinutes: number | undefined;
  groups: TypedGroup[];
  /** Most important first. */
  prefer: Preference[];
  most: number | undefined;
  overlapping: boolean;
}

const MINUTE_SECONDS = 60;
const DAY_MS = 86_400_000;
const DAYS_AHEAD = 5;
const MIDNIGHT = '00:00';

/** A date as the API writes it, in the reader's zone. */
const isoDate = new Intl.DateTimeFormat('en-CA');

export const idsOf = (typed: string): string[] => [
  ...new Set(typed.split(/[\s,]+/).filter((id) => id !== '')),
];

/** The days that follow the given ones. */
export function nextDays(from: number): TypedWindow {
  return {
    from: isoDate.format(from),
    to: isoDate.format(from + DAYS_AHEAD * DAY_MS),
    fromTime: '',
    toTime: '',
  };
}

export function firstQuestion(workspaceId: string | undefined): TypedQuestion {
  return {
    workspaces: workspaceId ?? '',
    windows: [nextDays(Date.now())],
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    movable: 'ask',
    maxAgeMinutes: undefined,
    findsSlots: true,
    durationMinutes: 30,
    granularityMinutes: 15,
    onlyInHours: true,
    bufferBeforeMinutes: undefined,
    bufferAfterMinutes: undefined,
    groups: [],
    prefer: ['earliest'],
    most: 40,
    overlapping: false,
  };
}

/** A time of day in the reader's zone. */
const toInstant = (date: string, time: string) => new Date(`${date}T${time || MIDNIGHT}`).toISOString();

/** Whole days stay dates; with a time at either end, both are instants. */
function toWindow({ from, to, fromTime, toTime }: TypedWindow) {
  if (fromTime === '' && toTime === '') return { from, to };
  return { from: toInstant(from, fromTime), to: toInstant(to, toTime) };
}

export function toQuestion(typed: TypedQuestion): AskedAvailability {
  const { durationMinutes, bufferBeforeMinutes, bufferAfterMinutes, most, maxAgeMinutes } = typed;
  const groups = typed.groups.map(({ workspaces, atLeast }) => ({
    workspaceIds: idsOf(workspaces),
    ...(atLeast !== undefined && { atLeast }),
  }));
  return {
    maxAge: maxAgeMinutes === undefined ? null : maxAgeMinutes * MINUTE_SECONDS,
    question: {
      workspaceIds: idsOf(typed.workspaces),
      windows: typed.windows.map(toWindow),
      timeZone: typed.timeZone,
      movable: typed.movable,
      ...(typed.findsSlots &&
        durationMinutes !== undefined && {
          slots: {
            durationMinutes,
            granularityMinutes: typed.granularityMinutes,
            hours: typed.onlyInHours ? 'work' : 'any',
            prefer: typed.prefer,
            overlapping: typed.overlapping,
            ...(bufferBeforeMinutes !== undefined && { bufferBeforeMinutes }),
            ...(bufferAfterMinutes !== undefined && { bufferAfterMinutes }),
            ...(groups.length > 0 && { groups }),
            ...(most !== undefined && { most }),
          },
        }),
    },
  };
}
