import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { sayCount } from '../../components/count.ts';
import { Page } from '../../components/page.tsx';
import { SecretShownOnce } from '../../components/secret-shown-once.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { webhooksOf } from '../../data/webhooks.ts';
import { CreateWebhook } from './create-webhook.tsx';
import { WebhookSection } from './webhook-section.tsx';

/** Who is told of changes, whether it arrives, and what was posted. */
export function WebhooksPage() {
  const { workspaceId } = useParams({ strict: false });
  const [secret, setSecret] = useState<string | null>(null);
  const webhooks = useQuery(webhooksOf(workspaceId));
  return (
    <Page
      title="Webhooks"
      lead={
        webhooks.data && `${sayCount(webhooks.data.length, 'webhook')} of ${workspaceId ?? 'all workspaces'}`
      }
    >
      <Loaded query={webhooks}>
        {(rows) => (
          <>
            {rows.length === 0 && (
              <div className="section">
                <Empty title="There is no webhook yet">
                  A webhook posts every change of events to a URL: signed, in order, and until it is accepted.
                </Empty>
              </div>
            )}
            {rows.map((webhook) => (
              <WebhookSection
                key={webhook.id}
                webhook={webhook}
                workspaceId={workspaceId}
                showSecret={setSecret}
              />
            ))}
          </>
        )}
      </Loaded>
      <CreateWebhook workspaceId={workspaceId} showSecret={setSecret} />
      <SecretShownOnce title="Secret of the webhook" secret={secret} close={() => setSecret(null)} />
    </Page>
  );
}
