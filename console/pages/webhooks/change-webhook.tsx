import { useAction } from '../../components/use-action.ts';
import { type Webhook, webhookCalls, type WebhookFields } from '../../data/webhooks.ts';
import { WebhookForm } from './webhook-form.tsx';

interface ChangeWebhookProps {
  webhook: Webhook;
  workspaceId: string | undefined;
  close: () => void;
}

/** Changes what a webhook gets, or where. A failing one is tried again at once. */
export function ChangeWebhook({ webhook, workspaceId, close }: ChangeWebhookProps) {
  const { id, url, payload, types, calendarIds, occurrenceDays } = webhook;
  const saved = { url, payload, types: types as WebhookFields['types'], calendarIds, occurrenceDays };
  const { change: changeWebhook } = webhookCalls(workspaceId);
  const change = useAction({
    run: (fields: WebhookFields) => changeWebhook(id, fields),
    said: (changed) => `The webhook to ${changed.url} is changed.`,
    undo: () => () => changeWebhook(id, saved),
    changes: [['webhooks']],
  });
  return (
    <WebhookForm
      workspaceId={workspaceId}
      saved={saved}
      verb="Save"
      isPending={change.isPending}
      submit={(fields) => change.mutate(fields, { onSuccess: close })}
    />
  );
}
