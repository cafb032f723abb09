import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { cancellationSignal } from '@temporalio/activity';
import type { CalendarChannelsInput, OpenChannelResult } from '../contracts/push.ts';
import type { Database } from '../prisma/client.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { SealedGrant } from '../services/google/sealed-grant.ts';
import { type OpenedChannel, watchEvents } from '../services/google/channels.ts';
import { GoogleCallError, WAITING_FOR_QUOTA } from '../services/google/google-failure.ts';
import { channelFailure } from '../services/push/channel-failure.ts';
import { CHANNEL_LIFE_MS, renewalOf } from '../services/push/channel-conditions.ts';

const TOKEN_BYTES = 32;
/** Attempts with another ID if Google says that one is taken, which random IDs hardly ever are. */
const MOST_IDS = 3;

interface Target extends SealedGrant {
  googleCalendarId: string;
}

/** The calendar, if it needs a new channel. */
async function findTarget(
  database: Database,
  calendarId: string,
  address: string,
  at: Date,
): Promise<Target | null> {
  const calendar = await database.calendar.findFirst({
    where: {
      id: calendarId,
      enabled: true,
      status: 'active',
      account: { status: 'connected' },
      workspace: { status: 'active' },
      channels: { none: { status: 'live', address, renewAt: { gt: at } } },
    },
    include: { account: true },
  });
  if (calendar === null) return null;
  const { account, accountId, googleCalendarId } = calendar;
  return { ...account, accountId, googleCalendarId };
}

/** Whether the failed request cannot have opened a channel. */
function isRefusal({ failure: { status, reason } }: GoogleCallError): boolean {
  return reason === WAITING_FOR_QUOTA || (status !== null && status >= 400 && status < 500 && status !== 408);
}

/**
 * Marks the opened channel as live and earlier ones as to be stopped, unless it was given up in the meantime.
 */
async function goLive(
  database: Database,
  { id, calendarId, now }: { id: string; calendarId: string; now: Date },
  { resourceId, expiresAt }: OpenedChannel,
): Promise<boolean> {
  return database.$transaction(async (transaction) => {
    // The upkeep of one workspace may run beside that of all: the lock makes a second channel see the first.
    await transaction.$queryRaw`select from calendars where id = ${calendarId}::uuid for no key update`;
    const known = { resourceId, expiresAt, renewAt: renewalOf(calendarId, now, expiresAt) };
    const { count } = await transaction.watchChannel.updateMany({
      where: { id, status: 'opening' },
      data: { ...known, status: 'live' },
    });
    if (count === 0) {
      await transaction.watchChannel.updateMany({ where: { id }, data: known });
      return false;
    }
    await transaction.watchChannel.updateMany({
      where: { calendarId, status: 'live', id: { not: id } },
      data: { status: 'stopping' },
    });
    return true;
  });
}

/**
 * Opens a channel for a calendar that has none, or whose channel is due for renewal. The row is written
 * before Google is called, so a crash never leaves an unknown channel, and notifications may arrive before
 * the answer. Each attempt uses its own ID and gives up the channels of earlier attempts.
 */
export function createOpenChannel({ database, google, push, now }: ActivityDependencies) {
  /** Google's answer, or the outcome that its refusal means. Null: the ID is taken. */
  async function ask(target: Target, channel: { id: string; token: string; address: string }) {
    const { googleCalendarId } = target;
    const lifeSeconds = CHANNEL_LIFE_MS / 1_000;
    try {
      return await watchEvents(google, target, cancellationSignal(), {
        ...channel,
        googleCalendarId,
        lifeSeconds,
      });
    } catch (error) {
      if (!(error instanceof GoogleCallError)) throw error;
      const { reason } = error.failure;
      const where = { id: channel.id };
      if (reason === 'channelIdNotUnique') {
        await database.watchChannel.updateMany({ where, data: { status: 'stopping' } });
        return null;
      }
      if (isRefusal(error)) await database.watchChannel.deleteMany({ where });
      else await database.watchChannel.updateMany({ where, data: { status: 'stopping' } });
      if (reason === 'pushNotSupportedForRequestedResource') return 'unsupported' as const;
      if (reason !== null && /webhookUrl/i.test(reason)) return 'address-refused' as const;
      throw await channelFailure(database, target, error);
    }
  }

  return async function openChannel({ calendarId }: CalendarChannelsInput): Promise<OpenChannelResult> {
    const outcome = await open(calendarId);
    const stopping = await database.watchChannel.count({ where: { calendarId, status: 'stopping' } });
    return { outcome, stop: stopping > 0 };
  };

  async function open(calendarId: string): Promise<OpenChannelResult['outcome']> {
    const { address } = push;
    const target = address === null ? null : await findTarget(database, calendarId, address, await now());
    if (address === null || target === null) return 'not-wanted';
    await database.watchChannel.updateMany({
      where: { calendarId, status: 'opening' },
      data: { status: 'stopping' },
    });
    for (let ids = 0; ids < MOST_IDS; ids += 1) {
      const [id, token] = [randomUUID(), randomBytes(TOKEN_BYTES).toString('base64url')];
      const tokenHash = createHash('sha256').update(token).digest();
      const announcedAt = await now();
      const expiresAt = new Date(announcedAt.getTime() + CHANNEL_LIFE_MS);
      await database.watchChannel.create({
        data: { id, calendarId, tokenHash, address, expiresAt, createdAt: announcedAt },
      });
      const answer = await ask(target, { id, token, address });
      if (answer === null) continue;
      if (answer === 'unsupported') {
        await database.calendar.updateMany({
          where: { id: calendarId },
          data: { pushUnsupportedAt: await now() },
        });
      }
      if (typeof answer === 'string') return answer;
      const isLive = await goLive(database, { id, calendarId, now: announcedAt }, answer);
      return isLive ? 'live' : 'not-wanted';
    }
    throw new Error(`${MOST_IDS} random channel IDs were taken.`);
  }
}
