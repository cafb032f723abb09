import type { Database } from '../../prisma/client.ts';

/** The emulator forgets its push channels when it stops: the next sync has others opened. */
export async function forgetChannels(database: Database): Promise<void> {
  await database.watchChannel.updateMany({ where: { status: 'live' }, data: { status: 'stopped' } });
}
