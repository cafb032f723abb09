import { Readable } from 'node:stream';
import type { McpHttpHandler } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { callerOf } from '../auth.ts';
import type { ApiRoutes } from '../dependencies.ts';
import type { Asker } from '../mcp/http-handler.ts';

/** Headers of the protocol; no other is passed on. */
const PROTOCOL_HEADERS = /^(?:accept|content-type|mcp-.+)$/;

const anyJson = { content: { 'application/json': { schema: z.unknown() } } };

/**
 * The Model Context Protocol over streamable HTTP, without sessions: each request is complete in itself.
 */
export const mcpRoutes: ApiRoutes = async (app) => {
  let loading: Promise<McpHttpHandler> | undefined;
  // On first use, because most installations never need it and it takes a tenth of a second.
  const load = () =>
    (loading ??= import('../mcp/http-handler.ts').then(({ createHttpHandler }) => createHttpHandler(app)));
  app.addHook('onClose', async () => {
    const handler = await loading;
    await handler?.close();
  });

  app.post(
    '/mcp',
    {
      config: { access: 'authenticated', readOnlyKeys: true },
      schema: {
        operationId: 'callMcp',
        tags: ['Models'],
        summary: 'Tools for models, by the Model Context Protocol',
        description:
          'One message of JSON-RPC 2.0. The tools are operations of this API, with the rights of the key.',
        body: z.unknown(),
        response: {
          200: {
            description: 'The answer of the protocol',
            content: { ...anyJson.content, 'text/event-stream': { schema: z.unknown() } },
          },
          202: z.null().describe('A notification was accepted'),
          '4xx': { description: 'A refusal of the protocol', ...anyJson },
        },
      },
    },
    async (request, reply) => {
      const headers = Object.entries(request.headers).filter(([name]) => PROTOCOL_HEADERS.test(name));
      const asked = new Request(new URL(request.url, 'http://localhost'), {
        method: 'POST',
        headers: headers as [string, string][],
        body: JSON.stringify(request.body),
      });
      const caller = callerOf(request);
      const { authorization = '' } = request.headers;
      const asker: Asker = { authorization, caller };
      const { fetch: answerMessage } = await load();
      const answer = await answerMessage(asked, {
        parsedBody: request.body,
        authInfo: { token: authorization, clientId: caller.keyId, scopes: [], extra: { ...asker } },
      });
      void reply.code(answer.status).headers(Object.fromEntries(answer.headers));
      return reply.send(answer.body === null ? undefined : Readable.fromWeb(answer.body));
    },
  );
};
