import type { Database } from '../../prisma/client.ts';

/**
 * Marks the push channels as stopped, because a stopped emulator forgets them. The next sync opens new ones.
 */
export async function forgetChannels(database: Database): Promise<void> {
  await database.watchChannel.updateMany({ where: { status: 'live' }, data: { status: 'stopped' } });
}
