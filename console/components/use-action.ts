import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useAnnouncer } from './announcer.tsx';

interface Action<Input, Output> {
  run: (input: Input) => Promise<Output>;
  /** What was done, in one sentence. */
  said: (output: Output, input: Input) => string;
  /** Takes it back. */
  undo?: (output: Output, input: Input) => (() => Promise<unknown>) | undefined;
  /** Queries that are asked again afterwards. */
  changes?: QueryKey[];
}

/**
 * A button's work: runs, says what it did, offers to undo it, and asks again for what it changed.
 *
 * @example
 * const pause = useAction({
 *   run: () => unwrap(api.PATCH('/api/v1/workspaces/{workspaceId}', { params, body: { status: 'paused' } })),
 *   said: () => `${workspaceId} is paused.`,
 *   undo: () => () => setStatus('active'),
 *   changes: [['workspaces']],
 * });
 */
export function useAction<Input = void, Output = unknown>(action: Action<Input, Output>) {
  const client = useQueryClient();
  const { done, failed } = useAnnouncer();
  const refresh = () =>
    Promise.all((action.changes ?? []).map((queryKey) => client.invalidateQueries({ queryKey })));
  async function takeBack(undo: () => Promise<unknown>) {
    try {
      await undo();
      await refresh();
      done('Undone.');
    } catch (error) {
      failed(error);
    }
  }
  return useMutation({
    mutationFn: action.run,
    onSuccess: async (output, input) => {
      const undo = action.undo?.(output, input);
      done(action.said(output, input), undo && { run: () => takeBack(undo) });
      await refresh();
    },
    onError: failed,
  });
}
