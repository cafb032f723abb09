import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Checks } from '../../components/checks.tsx';
import { Choice } from '../../components/field.tsx';
import { InputField } from '../../components/input-field.tsx';
import { Loaded } from '../../components/states.tsx';
import { calendarsQuery } from '../../data/queries.ts';
import type { WebhookFields } from '../../data/webhooks.ts';
import { EVENT_TYPES } from './event-types.ts';

const PAYLOADS = [
  ['thin', 'IDs and positions'],
  ['full', 'events as well'],
] as const;
const MOST_OCCURRENCE_DAYS = 60;

interface WebhookFormProps {
  workspaceId: string | undefined;
  saved: WebhookFields;
  /** The verb of the button. */
  verb: string;
  isPending: boolean;
  submit: (fields: WebhookFields, begin: () => void) => void;
}

/** What a webhook gets, and where. */
export function WebhookForm({ workspaceId, saved, verb, isPending, submit }: WebhookFormProps) {
  const [webhook, setWebhook] = useState(saved);
  const hasOccurrences = webhook.types.some((type) => type.startsWith('occurrence.'));
  function change(changes: Partial<WebhookFields>) {
    setWebhook({ ...webhook, ...changes });
  }
  function send(event: FormEvent) {
    event.preventDefault();
    submit(webhook, () => setWebhook(saved));
  }
  return (
    <form className="form" onSubmit={send}>
      <InputField
        label="URL that changes are posted to"
        isWide
        type="url"
        required
        placeholder="https://example.com/hook"
        value={webhook.url}
        onChange={(url) => change({ url })}
      />
      <Choice
        label="What is posted"
        value={webhook.payload}
        options={PAYLOADS}
        onChange={(payload) => change({ payload })}
      />
      {EVENT_TYPES.map(([label, options]) => {
        const group = options.map(([type]) => type as string);
        return (
          <Checks<WebhookFields['types'][number]>
            key={label}
            label={label}
            options={options}
            values={webhook.types}
            onChange={(types) =>
              change({ types: [...webhook.types.filter((type) => !group.includes(type)), ...types] })
            }
          />
        );
      })}
      {hasOccurrences && (
        <InputField
          label="Occurrences that start within, days"
          type="number"
          required
          min={1}
          max={MOST_OCCURRENCE_DAYS}
          value={String(webhook.occurrenceDays)}
          onChange={(days) => change({ occurrenceDays: Number(days) })}
        />
      )}
      {workspaceId !== undefined && (
        <CalendarChoice
          workspaceId={workspaceId}
          chosen={webhook.calendarIds}
          choose={(calendarIds) => change({ calendarIds })}
        />
      )}
      <Button
        type="submit"
        className="button button-primary"
        isDisabled={isPending || webhook.types.length === 0}
      >
        {verb}
      </Button>
    </form>
  );
}

interface CalendarChoiceProps {
  workspaceId: string;
  chosen: string[];
  choose: (calendarIds: string[]) => void;
}

function CalendarChoice({ workspaceId, chosen, choose }: CalendarChoiceProps) {
  const calendars = useQuery(calendarsQuery(workspaceId));
  return (
    <Loaded query={calendars} rows={1}>
      {(rows) => (
        <Checks
          label="Only these calendars; none chosen: all"
          options={rows.map(({ id, summary }) => [id, summary] as const)}
          values={chosen}
          onChange={choose}
        />
      )}
    </Loaded>
  );
}
