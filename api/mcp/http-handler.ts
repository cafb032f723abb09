import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import type { FastifyInstance, InjectOptions } from 'fastify';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { Caller } from '../../services/keys/api-keys.ts';
import { createMcpServer } from './create-mcp-server.ts';

/** What a request is made with: passed on as the protocol's `authInfo`. */
export interface Asker {
  /** As the header `Authorization` has it. */
  authorization: string;
  caller: Caller;
}

/** Answers messages of the protocol. A tool asks the API of this process, with the key of the message. */
export function createHttpHandler(app: FastifyInstance): McpHttpHandler {
  return createMcpHandler(
    ({ authInfo }) => {
      if (authInfo?.extra === undefined) throw new Error('The message has no asker.');
      const { caller, authorization } = authInfo.extra as unknown as Asker;
      return createMcpServer({
        document: app.swagger() as OpenAPIV3_1.Document,
        caller,
        ask: async ({ method, path, headers, body }) => {
          const { statusCode, rawPayload } = await app.inject({
            method: method as InjectOptions['method'],
            url: path,
            headers: { ...headers, authorization, ...(body && { 'content-type': 'application/json' }) },
            payload: body,
          });
          return new Response(new Uint8Array(rawPayload), { status: statusCode });
        },
      });
    },
    // Nothing is told of by itself, so nobody has to listen.
    { maxSubscriptions: 0 },
  );
}
