import { Button } from 'react-aria-components/Button';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';

/** Starts a sync of every workspace, due or not; one that is syncing already is not started twice. */
export function SyncAll({ isEmpty }: { isEmpty: boolean }) {
  const sync = useAction({
    run: () =>
      unwrap(
        api.POST('/api/v1/sync', { params: { query: { wait: 0 } }, body: { all: true, source: 'manual' } }),
      ),
    said: () => 'A sync of all workspaces has begun. It goes on when you leave this page.',
    changes: [['status'], ['fan-outs']],
  });
  return (
    <Button className="button" isDisabled={isEmpty || sync.isPending} onPress={() => sync.mutate()}>
      Sync all workspaces
    </Button>
  );
}
