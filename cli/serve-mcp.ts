import { once } from 'node:events';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';
import { createMcpServer } from '../api/mcp/create-mcp-server.ts';
import type { ToolRequest } from '../api/mcp/describe-tool.ts';
import { EnvironmentError } from '../contracts/environment.ts';
import { DomainError, UnauthenticatedError, UnreachableError } from '../services/errors.ts';
import { withinTime } from '../services/within-time.ts';
import type { Variables } from '../client/environment.ts';
import { apiAddress } from './api-address.ts';

const PATIENCE_MS = 15_000;

const callerSchema = z.object({
  keyId: z.string(),
  scope: z.union([z.literal('admin'), z.object({ workspaceId: z.string() })]),
  readOnly: z.boolean(),
});

/**
 * Serves MCP over standard input and output until the input ends. Tools ask the API, as over HTTP.
 * @throws EnvironmentError without a key; UnreachableError or UnauthenticatedError if the API does not take it
 */
export async function serveMcp(variables: Variables, url?: string): Promise<void> {
  const key = variables['ALMANAC_KEY'];
  if (!key) {
    throw new EnvironmentError(
      'ALMANAC_KEY must be a key of the API. `almanac key create --name <name> --workspace <id> --read-only` prints one.',
    );
  }
  const origin = url ?? variables['ALMANAC_URL'] ?? apiAddress(variables);
  const headers = { authorization: `Bearer ${key}` };
  const ask = (path: string, signal: AbortSignal, request: Partial<ToolRequest> = {}) =>
    fetch(new URL(path, origin), {
      ...request,
      headers: {
        ...request.headers,
        ...headers,
        ...(request.body && { 'content-type': 'application/json' }),
      },
      redirect: 'error',
      signal,
    });

  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort());
  const [caller, document] = await withinTime(PATIENCE_MS, stop.signal, async (signal) => {
    const [me, described] = await Promise.all([ask('/api/v1/me', signal), ask('/docs/json', signal)]);
    if (me.status === 401) {
      throw new UnauthenticatedError('ALMANAC_KEY is no valid key: it may be revoked or expired.');
    }
    return [callerSchema.parse(await me.json()), (await described.json()) as OpenAPIV3_1.Document] as const;
  }).catch((cause: Error) => {
    if (cause instanceof DomainError) throw cause;
    const message = `The API at ${origin} does not answer: start it, or name another by --url.`;
    throw new UnreachableError(message, { cause });
  });

  const serving = serveStdio(() =>
    createMcpServer({
      document,
      caller,
      ask: ({ path, ...request }, signal) => ask(path, signal, request),
    }),
  );
  // A file ends and need not close, a pipe closes and need not end.
  for (const event of ['end', 'close']) process.stdin.once(event, () => stop.abort());
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  await serving.close();
}
