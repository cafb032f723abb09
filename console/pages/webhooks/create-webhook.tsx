import { Section } from '../../components/page.tsx';
import { useAction } from '../../components/use-action.ts';
import { webhookCalls, type WebhookFields } from '../../data/webhooks.ts';
import { WebhookForm } from './webhook-form.tsx';

/** The API's defaults. */
const NEW: WebhookFields = {
  url: '',
  payload: 'thin',
  types: ['event.created', 'event.updated', 'event.deleted'],
  calendarIds: [],
  occurrenceDays: 14,
};

interface CreateWebhookProps {
  workspaceId: string | undefined;
  showSecret: (secret: string) => void;
}

export function CreateWebhook({ workspaceId, showSecret }: CreateWebhookProps) {
  const { create: createWebhook, remove } = webhookCalls(workspaceId);
  const create = useAction({
    run: createWebhook,
    said: ({ url }) => `Changes from now on are posted to ${url}.`,
    undo:
      ({ id }) =>
      () =>
        remove(id),
    changes: [['webhooks']],
  });
  return (
    <Section title="New webhook">
      <WebhookForm
        workspaceId={workspaceId}
        saved={NEW}
        verb="Create"
        isPending={create.isPending}
        submit={(fields, begin) =>
          create.mutate(fields, {
            onSuccess: ({ secret }) => {
              begin();
              showSecret(secret);
            },
          })
        }
      />
    </Section>
  );
}
