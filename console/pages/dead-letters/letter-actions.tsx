import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { useAction } from '../../components/use-action.ts';
import { type DeadLetter, discardDeadLetter, retryDeadLetter } from '../../data/dead-letters.ts';

const CHANGES = [['dead-letters'], ['status']];

export function LetterActions({
  letter,
  workspaceId,
}: {
  letter: DeadLetter;
  workspaceId: string | undefined;
}) {
  const about = `${letter.operation} of ${letter.workspaceId ?? 'the installation'}`;
  const retry = useAction({
    run: () => retryDeadLetter(workspaceId, letter.id),
    said: ({ outcome }) =>
      outcome === 'requested'
        ? `The retry of ${about} has begun. A success resolves the dead letter.`
        : `Nothing was started: the account has to be connected again.`,
    changes: CHANGES,
  });
  const discard = useAction({
    run: () => discardDeadLetter(workspaceId, letter.id),
    said: () => `The dead letter about ${about} is discarded.`,
    changes: CHANGES,
  });
  if (letter.status !== 'open') return null;
  return (
    <span className="row-actions">
      <Button
        className="button"
        aria-label={`Retry ${about}`}
        isDisabled={retry.isPending}
        onPress={() => retry.mutate()}
      >
        Retry
      </Button>
      <Confirm
        title="Discard this dead letter?"
        body="It is closed, and its failure is not listed again before a success in between. The work itself is still retried where it is due."
        confirm="Discard"
        onConfirm={() => discard.mutate()}
      >
        <Button className="button button-quiet" aria-label={`Discard ${about}`}>
          Discard
        </Button>
      </Confirm>
    </span>
  );
}
