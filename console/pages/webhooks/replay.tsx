import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { Field } from '../../components/field.tsx';
import { useAction } from '../../components/use-action.ts';
import { type Webhook, webhookCalls } from '../../data/webhooks.ts';

/** Delivers once more what follows a position. */
export function Replay({ webhook, workspaceId }: { webhook: Webhook; workspaceId: string | undefined }) {
  const [from, setFrom] = useState('0');
  const [replayed, setReplayed] = useState('');
  const isForAll = workspaceId === undefined;
  const replay = useAction({
    run: () =>
      webhookCalls(workspaceId).replay(webhook.id, {
        from: Number(from),
        ...(isForAll && { workspaceId: replayed.trim() }),
      }),
    said: () => `What follows position ${from} is delivered once more, in a new generation.`,
    changes: [['webhooks']],
  });
  return (
    <Confirm
      title="Deliver once more?"
      body={
        <div className="form">
          {isForAll && (
            <Field label="Workspace" isWide>
              <input type="text" value={replayed} onChange={(event) => setReplayed(event.target.value)} />
            </Field>
          )}
          <Field label="Changes after the position (0: all that the log has)" isWide>
            <input type="number" min={0} value={from} onChange={(event) => setFrom(event.target.value)} />
          </Field>
        </div>
      }
      confirm="Replay"
      onConfirm={() => replay.mutate()}
    >
      <Button className="button button-quiet">Replay</Button>
    </Confirm>
  );
}
