import { RETRY_TABLE } from '../../contracts/retry-table.ts';
import { subjectOf } from '../dead-letters/open-dead-letter.ts';
import type { Notice, NoticeMessage } from './notifier.ts';

function line(notice: Notice): string {
  const { id, workspaceId, operation, failureType, attempts, firstFailedAt } = notice;
  const where = workspaceId === null ? '' : `workspace ${workspaceId}, `;
  const runs = attempts === 1 ? '1 run' : `${attempts} runs`;
  return [
    `• ${failureType} (${operation}) in ${where}${subjectOf(notice)}`,
    `${runs} since ${firstFailedAt.toISOString()}`,
    RETRY_TABLE[failureType].advice,
    id,
  ].join(' · ');
}

/** One line for each dead letter, with the recommended action, and the number of the others. */
export function noticeLines({ notices, more }: NoticeMessage): string[] {
  return [...notices.map(line), ...(more === 0 ? [] : [`and ${more} more.`])];
}

/** Message text: one line for each dead letter, with the recommended action. */
export function noticeText(message: NoticeMessage): string {
  const total = message.notices.length + message.more;
  return [
    total === 1 ? 'Almanac has a new dead letter:' : `Almanac has ${total} new dead letters:`,
    ...noticeLines(message),
    'List the dead letters to see every open one. Retry a dead letter when its cause is fixed.',
  ].join('\n');
}
