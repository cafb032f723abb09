import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { useAction } from '../../components/use-action.ts';
import { type Delivery, type Webhook, webhookCalls } from '../../data/webhooks.ts';
import { Replay } from './replay.tsx';

const CHANGES = [['webhooks']];
const FIRST_REFUSAL = 300;

interface WebhookActionsProps {
  webhook: Webhook;
  workspaceId: string | undefined;
  showSecret: (secret: string) => void;
}

export function WebhookActions({ webhook, workspaceId, showSecret }: WebhookActionsProps) {
  const { id, url, status } = webhook;
  const calls = webhookCalls(workspaceId);
  const test = useAction({ run: () => calls.test(id), said: sayAnswer, changes: CHANGES });
  const pause = useAction({
    run: () => calls.pause(id),
    said: () => `Deliveries to ${url} are paused. Nothing is missed when they are resumed.`,
    undo: () => () => calls.resume(id),
    changes: CHANGES,
  });
  const resume = useAction({
    run: () => calls.resume(id),
    said: () => `Deliveries to ${url} are resumed.`,
    undo: () => () => calls.pause(id),
    changes: CHANGES,
  });
  const rotate = useAction({
    run: () => calls.rotateSecret(id),
    said: () => 'The new secret signs from now on, the old one for 24 hours as well.',
    changes: CHANGES,
  });
  const remove = useAction({
    run: () => calls.remove(id),
    said: () => `The webhook to ${url} is deleted.`,
    changes: CHANGES,
  });
  return (
    <>
      <Button className="button" isDisabled={test.isPending} onPress={() => test.mutate()}>
        {test.isPending ? 'Testing' : 'Test'}
      </Button>
      {status === 'active' ? (
        <Button className="button" isDisabled={pause.isPending} onPress={() => pause.mutate()}>
          Pause
        </Button>
      ) : (
        <Button className="button" isDisabled={resume.isPending} onPress={() => resume.mutate()}>
          Resume
        </Button>
      )}
      <Replay webhook={webhook} workspaceId={workspaceId} />
      <Confirm
        title="Replace the secret?"
        body="Both secrets sign for 24 hours. Give the new one to the receiver before then."
        confirm="Replace"
        onConfirm={() => rotate.mutate(undefined, { onSuccess: ({ secret }) => showSecret(secret) })}
      >
        <Button className="button button-quiet">Replace secret</Button>
      </Confirm>
      <Confirm
        title="Delete this webhook?"
        body={`Nothing more is posted to ${url}, and its deliveries are forgotten.`}
        confirm="Delete"
        onConfirm={() => remove.mutate()}
      >
        <Button className="button button-quiet">Delete</Button>
      </Confirm>
    </>
  );
}

function sayAnswer({ status, error, latencyMs }: Delivery): string {
  if (status === null) return `The receiver gave no answer: ${error ?? 'the connection was cut'}.`;
  const verdict = status < FIRST_REFUSAL ? 'accepted' : 'refused';
  return `The receiver ${verdict} the test with ${status} after ${latencyMs} ms.`;
}
