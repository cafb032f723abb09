import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { sayCount } from '../../components/count.ts';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Ago } from '../../components/time.tsx';
import type { Webhook } from '../../data/webhooks.ts';
import { ChangeWebhook } from './change-webhook.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookActions } from './webhook-actions.tsx';

const PAUSED_BECAUSE = {
  requested: 'paused on request',
  failed: 'paused after three days of failures',
  gone: 'paused: its receiver answered 410',
  behind: 'paused: the log lacks what comes next',
} as const;

interface WebhookSectionProps {
  webhook: Webhook;
  workspaceId: string | undefined;
  showSecret: (secret: string) => void;
}

/** One webhook: how it is doing, what can be done, and its latest deliveries. */
export function WebhookSection({ webhook, workspaceId, showSecret }: WebhookSectionProps) {
  const [isOpen, setOpen] = useState(false);
  const [isChanging, setChanging] = useState(false);
  return (
    <Section
      title={webhook.url}
      actions={<WebhookActions webhook={webhook} workspaceId={workspaceId} showSecret={showSecret} />}
    >
      <dl className="facts facts-compact">
        <div>
          <dt>delivery</dt>
          <dd>
            <DeliveryState webhook={webhook} />
          </dd>
        </div>
        <div>
          <dt>last delivered</dt>
          <dd>
            <Ago at={webhook.lastDeliveredAt} />
          </dd>
        </div>
        {webhook.failures > 0 && (
          <div>
            <dt>failing</dt>
            <dd>
              {sayCount(webhook.failures, 'attempt')}, last {webhook.lastError ?? 'without an answer'}
            </dd>
          </div>
        )}
        {webhook.failures > 0 && webhook.retryAt !== null && (
          <div>
            <dt>next attempt</dt>
            <dd>
              <Ago at={webhook.retryAt} />
            </dd>
          </div>
        )}
        <div>
          <dt>posts</dt>
          <dd>{webhook.payload === 'thin' ? 'IDs and positions' : 'events as well'}</dd>
        </div>
        <div>
          <dt>types</dt>
          <dd>{webhook.types.join(', ')}</dd>
        </div>
        <div>
          <dt>calendars</dt>
          <dd>{webhook.calendarIds.length === 0 ? 'all' : webhook.calendarIds.length}</dd>
        </div>
        {webhook.types.some((type) => type.startsWith('occurrence.')) && (
          <div>
            <dt>occurrences within</dt>
            <dd>{sayCount(webhook.occurrenceDays, 'day')}</dd>
          </div>
        )}
        {webhook.previousSecretUntil !== null && (
          <div>
            <dt>old secret signs until</dt>
            <dd>
              <Ago at={webhook.previousSecretUntil} />
            </dd>
          </div>
        )}
      </dl>
      <div className="section-footer">
        <Button className="button button-quiet" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide deliveries' : 'Show deliveries'}
        </Button>
        <Button
          className="button button-quiet"
          aria-expanded={isChanging}
          onPress={() => setChanging(!isChanging)}
        >
          {isChanging ? 'Do not change' : 'Change'}
        </Button>
      </div>
      {isChanging && (
        <ChangeWebhook webhook={webhook} workspaceId={workspaceId} close={() => setChanging(false)} />
      )}
      {isOpen && <Deliveries webhookId={webhook.id} workspaceId={workspaceId} />}
    </Section>
  );
}

function DeliveryState({ webhook: { status, pauseReason, failures } }: { webhook: Webhook }) {
  if (status === 'paused')
    return (
      <Badge tone={pauseReason === 'requested' ? 'quiet' : 'bad'}>
        {PAUSED_BECAUSE[pauseReason ?? 'requested']}
      </Badge>
    );
  return failures > 0 ? <Badge tone="warn">retrying</Badge> : <Badge tone="good">delivering</Badge>;
}
