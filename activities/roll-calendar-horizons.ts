import type { RollCalendarHorizonsInput, RollCalendarHorizonsResult } from '../contracts/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { horizonAt } from './mirror/horizon.ts';
import { rollHorizon } from './mirror/roll-horizon.ts';

const CALENDARS_PER_ACTIVITY = 200;

/** Rolls the horizons of the next calendars, in ID order; those that are up to date cost nothing. */
export function createRollCalendarHorizons({ database, now }: ActivityDependencies) {
  return async function rollCalendarHorizons({
    afterCalendarId,
  }: RollCalendarHorizonsInput): Promise<RollCalendarHorizonsResult> {
    const today = horizonAt(now());
    const behind = await database.$queryRaw<{ calendarId: string }[]>`
      select calendar_id::text as "calendarId" from calendar_sync_states
      where horizon_to < ${today.to} and (${afterCalendarId}::uuid is null or calendar_id > ${afterCalendarId}::uuid)
      order by calendar_id limit ${CALENDARS_PER_ACTIVITY}::int`;
    let calendars = 0;
    for (const { calendarId } of behind) {
      if (await rollHorizon(database, calendarId, today)) calendars += 1;
    }
    const nextCalendarId =
      behind.length < CALENDARS_PER_ACTIVITY ? null : (behind.at(-1)?.calendarId ?? null);
    return { nextCalendarId, calendars };
  };
}
