import type { Client } from '@temporalio/client';
import { changeSchedule } from '../../client/schedules.ts';
import { ScheduleId } from '../../contracts/workflow-types.ts';
import type { Database } from '../../prisma/client.ts';

/** Has push channels opened now, so that whoever changes something in the emulator sees it arrive. */
export async function openChannels(temporal: Client, database: Database): Promise<void> {
  // The emulator forgets them when it stops.
  await database.watchChannel.updateMany({ where: { status: 'live' }, data: { status: 'stopped' } });
  await changeSchedule(temporal, ScheduleId.calendarWatchRenewal, 'trigger');
}
