import type { AlmanacApi } from 'almanac/api';

/**
 * Cursors of the pages that a workspace's stream sends from `after` on. Ends with the stream, which the server
 * ends after ten minutes at the latest.
 */
export async function* streamCursors(
  api: AlmanacApi,
  { workspaceId, after, signal }: { workspaceId: string; after: string; signal: AbortSignal },
): AsyncGenerator<string> {
  const { data, error } = await api.GET('/api/v1/workspaces/{workspaceId}/changes/stream', {
    params: { path: { workspaceId } },
    headers: { 'last-event-id': after },
    parseAs: 'stream',
    signal,
  });
  if (error) throw new Error(error.detail);
  if (data === null) return;
  let text = '';
  for await (const chunk of data.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('id: ')) yield line.slice('id: '.length);
  }
}
