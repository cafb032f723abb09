import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import type { NotifierMessage } from '../../prisma/generated/client.ts';
import { type Page, type PageRequest, readPage } from '../pages.ts';
import { instant, positionInstant, uuid } from '../shapes.ts';
import { type NotifierScope, requireNotifier } from './notifiers.ts';

const STATUSES = ['sending', 'retrying', 'delivered', 'unconfirmed', 'dropped', 'failed'] as const;

export const messageSchema = z.object({
  id: uuid('the message').describe('UUID of the message: webhook-id, and left part of the Message-ID'),
  notice: z.string().describe('Kind of its notices, `test` or `confirmation`'),
  subjects: z.int().describe('Number of its notices'),
  status: z
    .enum(STATUSES)
    .describe(
      '`unconfirmed`: it may have arrived, and is not sent again; `dropped`: what it was about was over before it could be sent; `failed`: it was refused for a day, or by 410',
    ),
  attempts: z.int(),
  reason: z.string().optional().describe('Why it was not delivered: a status or a code'),
  createdAt: instant,
  attemptedAt: instant,
  nextAttemptAt: instant.optional(),
  settledAt: instant.optional(),
});
export type MessageSummary = z.infer<typeof messageSchema>;

export const messagePositionSchema = z.object({ createdAt: positionInstant, id: z.guid().toLowerCase() });
type MessagePosition = z.infer<typeof messagePositionSchema>;

/**
 * One page of a notifier's messages, newest first. They are kept for 30 days.
 * @throws NotFoundError when the scope has no such notifier
 */
export async function pageOfMessages(
  database: Database,
  scope: NotifierScope,
  notifierId: string,
  request: PageRequest<MessagePosition>,
): Promise<Page<MessageSummary, MessagePosition>> {
  const { id: notifier } = await requireNotifier(database, scope, notifierId);
  const { rows, ...page } = await readPage(
    request,
    (after, take) =>
      database.notifierMessage.findMany({
        where: { notifierId: notifier, ...before(after) },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take,
      }),
    ({ createdAt, id }) => ({ createdAt: createdAt.toISOString(), id }),
  );
  return { ...page, rows: rows.map(toSummary) };
}

function before(after: MessagePosition | undefined) {
  if (after === undefined) return {};
  const createdAt = new Date(after.createdAt);
  return {
    createdAt: { lte: createdAt },
    OR: [{ createdAt: { lt: createdAt } }, { id: { lt: after.id } }],
  };
}

function toSummary(message: NotifierMessage): MessageSummary {
  const { id, notice, subjects, status, attempts, reason, createdAt, attemptedAt } = message;
  const { nextAttemptAt, settledAt } = message;
  return {
    id,
    notice,
    subjects,
    status: status as MessageSummary['status'],
    attempts,
    ...(reason !== null && { reason }),
    createdAt: createdAt.toISOString(),
    attemptedAt: attemptedAt.toISOString(),
    ...(status === 'retrying' && nextAttemptAt !== null && { nextAttemptAt: nextAttemptAt.toISOString() }),
    ...(settledAt !== null && { settledAt: settledAt.toISOString() }),
  };
}
