import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Choice, Field } from '../../components/field.tsx';
import { Section } from '../../components/page.tsx';
import { useAction } from '../../components/use-action.ts';
import { type NewWebhook, webhookCalls } from '../../data/webhooks.ts';

const PAYLOADS = [
  ['thin', 'IDs and positions'],
  ['full', 'events as well'],
] as const;

interface CreateWebhookProps {
  workspaceId: string | undefined;
  showSecret: (secret: string) => void;
}

export function CreateWebhook({ workspaceId, showSecret }: CreateWebhookProps) {
  const [webhook, setWebhook] = useState<NewWebhook>({ url: '', payload: 'thin' });
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
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(webhook, {
      onSuccess: ({ secret }) => {
        setWebhook({ ...webhook, url: '' });
        showSecret(secret);
      },
    });
  }
  return (
    <Section title="New webhook">
      <form className="form" onSubmit={submit}>
        <Field label="URL that changes are posted to" isWide>
          <input
            type="url"
            required
            placeholder="https://example.com/hook"
            value={webhook.url}
            onChange={(event) => setWebhook({ ...webhook, url: event.target.value })}
          />
        </Field>
        <Choice
          label="What is posted"
          value={webhook.payload}
          options={PAYLOADS}
          onChange={(payload) => setWebhook({ ...webhook, payload })}
        />
        <Button type="submit" className="button button-primary" isDisabled={create.isPending}>
          Create
        </Button>
      </form>
    </Section>
  );
}
