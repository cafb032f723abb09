import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asWorkspace } from '../prisma/as-workspace.ts';
import type { Database } from '../prisma/client.ts';
import { tenantRoleProblem } from '../prisma/tenant-role.ts';
import { ClientGoneError, NotConfiguredError } from '../services/errors.ts';
import type { ApiDependencies } from './dependencies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Database handle that is limited to the request's workspace. Code that needs several workspaces uses the
     * database of the dependencies.
     *
     * @example
     * return listCalendars(request.database, request.params.workspaceId);
     */
    readonly database: Database;
  }
}

/**
 * Gives requests their database handle; no other code does. With a workspace's key it reaches only that
 * workspace, even if an earlier check failed to refuse the request. With an admin key it reaches the
 * workspace in the path, with an embed link that of the link.
 */
export function provideDatabase(app: FastifyInstance, { database, logger }: ApiDependencies): void {
  app.decorateRequest('database', {
    getter(this: FastifyRequest) {
      const workspaceId = boundTo(this);
      if (workspaceId === undefined) return database;
      const { raw, method } = this;
      const isRead = method === 'GET' || method === 'HEAD';
      // Writes go on, so that a client that repeats the request gets their outcome.
      const stopWhenGone = () => {
        if (isRead && raw.socket.destroyed)
          throw new ClientGoneError('The client has closed its connection.');
      };
      return asWorkspace(database, workspaceId, stopWhenGone);
    },
  });
  app.addHook('onReady', async () => {
    const problem = await tenantRoleProblem(database).catch(() => {
      logger.warn('Postgres does not answer, so row-level security could not be checked');
      return null;
    });
    if (problem !== null) throw new NotConfiguredError(problem.message, { remedy: problem.remedy });
  });
}

function boundTo({ caller, embedLink, routeOptions, params }: FastifyRequest): string | undefined {
  if (embedLink !== null) return embedLink.workspaceId;
  if (caller !== null && caller.scope !== 'admin') return caller.scope.workspaceId;
  return routeOptions.config.access === 'workspace'
    ? (params as { workspaceId: string }).workspaceId
    : undefined;
}
