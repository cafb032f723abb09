import type { RollCalendarHorizonsInput, RollCalendarHorizonsResult } from '../contracts/sync-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { HORIZON_IS_OFF } from '../services/mirror/horizon.ts';
import { rollHorizon } from '../services/mirror/roll-horizon.ts';

const CALENDARS_PER_ACTIVITY = 200;

/** Rolls the horizons of the next calendars, in ID order; calendars that are up to date are skipped. */
export function createRollCalendarHorizons({ database }: ActivityDependencies) {
  return async function rollCalendarHorizons({
    afterCalendarId,
  }: RollCalendarHorizonsInput): Promise<RollCalendarHorizonsResult> {
    const off = await database.$queryRaw<{ calendarId: string }[]>`
      select calendar_id::text as "calendarId" from calendar_sync_states s
      where ${HORIZON_IS_OFF} and (${afterCalendarId}::uuid is null or calendar_id > ${afterCalendarId}::uuid)
      order by calendar_id limit ${CALENDARS_PER_ACTIVITY}::int`;
    let calendars = 0;
    for (const { calendarId } of off) {
      if (await rollHorizon(database, calendarId)) calendars += 1;
    }
    const nextCalendarId = off.length < CALENDARS_PER_ACTIVITY ? null : (off.at(-1)?.calendarId ?? null);
    return { nextCalendarId, calendars };
  };
}
