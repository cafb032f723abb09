import { Pin, PinOff } from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { type Block, planningKey } from '../../data/planning.ts';

const ICON_SIZE = 16;

interface PinButtonProps {
  block: Block;
  name: string;
  workspaceId: string;
}

/** Keeps a block where it is, or lets the planner move it again. */
export function PinButton({ block, name, workspaceId }: PinButtonProps) {
  const setPinned = (pinned: boolean) =>
    unwrap(
      api.PATCH('/api/v1/workspaces/{workspaceId}/blocks/{blockId}', {
        params: { path: { workspaceId, blockId: block.id } },
        body: { pinned },
      }),
    );
  const pin = useAction({
    run: setPinned,
    said: (_, pinned) => (pinned ? `${name} stays where it is.` : `The next plan may move ${name}.`),
    undo: (_, pinned) => () => setPinned(!pinned),
    changes: [planningKey(workspaceId)],
  });
  const Icon = block.pinned ? PinOff : Pin;
  return (
    <Button
      className="icon-button"
      aria-label={block.pinned ? `Let the planner move ${name}` : `Pin ${name}`}
      isDisabled={pin.isPending}
      onPress={() => pin.mutate(!block.pinned)}
    >
      <Icon aria-hidden size={ICON_SIZE} />
    </Button>
  );
}
