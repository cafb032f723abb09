import { expect, it } from 'vitest';
import type { Notice } from '../../../../services/notifier/notifier.ts';
import { noticeText } from '../../../../services/notifier/notice-text.ts';
import { FailureType } from '../../../../contracts/failure-types.ts';

const notice: Notice = {
  id: 'letter-1',
  workspaceId: 'acme',
  calendarId: null,
  accountId: null,
  operation: 'plan',
  failureType: FailureType.googleForbidden,
  attempts: 1,
  workflowId: 'smart-schedule/acme',
  runId: 'run-1',
  correlationId: null,
  firstFailedAt: new Date('2026-01-05T09:00:00Z'),
};

it.each<[string, Partial<Notice>, string]>([
  ['a plan', {}, 'GoogleForbidden (plan) in workspace acme, plan · 1 run since 2026-01-05T09:00:00.000Z'],
  ['a calendar', { calendarId: 'c1', operation: 'sync' }, '(sync) in workspace acme, calendar c1 ·'],
  ['an account', { accountId: 'a1', operation: 'consent' }, '(consent) in workspace acme, account a1 ·'],
  [
    'the installation',
    { workspaceId: null, operation: 'access-token', failureType: FailureType.googleClientRejected },
    'GoogleClientRejected (access-token) in the whole installation ·',
  ],
  [
    'deliveries',
    { operation: 'delivery', failureType: FailureType.webhookGone },
    'WebhookGone (delivery) in workspace acme, webhooks ·',
  ],
  [
    'deliveries for all workspaces',
    { workspaceId: null, operation: 'delivery', failureType: FailureType.webhookFailed },
    'WebhookFailed (delivery) in webhooks for all workspaces ·',
  ],
])('says where the failure is: %s', (_, more, expected) => {
  expect(noticeText({ notices: [{ ...notice, ...more }], more: 0 })).toContain(expected);
});
