import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asWorkspace } from '../prisma/as-workspace.ts';
import type { Database } from '../prisma/client.ts';
import { tenantRoleProblem } from '../prisma/tenant-role.ts';
import { ClientGoneError, NotConfiguredError } from '../services/errors.ts';
import type { ApiDependencies } from './dependencies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Handle that reaches what the request may reach. Reads across workspaces use the database of the dependencies.
     *
     * @example
     * return listCalendars(request.database, request.params.workspaceId);
     */
    readonly database: Database;
  }
}

/**
 * The one place where a request gets at the database. A workspace's key reaches that workspace alone, even if an
 * earlier check failed to refuse the request; an admin's reaches the workspace that the path names.
 */
export function provideDatabase(app: FastifyInstance, { database, logger }: ApiDependencies): void {
  app.decorateRequest('database', {
    getter(this: FastifyRequest) {
      const workspaceId = boundTo(this);
      if (workspaceId === undefined) return database;
      const { raw, method } = this;
      const isRead = method === 'GET' || method === 'HEAD';
      // A write goes on: a client that asks again gets its outcome.
      const stopWhenGone = () => {
        if (isRead && raw.socket.destroyed)
          throw new ClientGoneError('The client has closed its connection.');
      };
      return asWorkspace(database, workspaceId, stopWhenGone);
    },
  });
  app.addHook('onReady', async () => {
    const problem = await tenantRoleProblem(database).catch(() => {
      logger.warn('Postgres does not answer: whether requests can be bound to their workspace is not known');
      return null;
    });
    if (problem !== null) throw new NotConfiguredError(problem.message, { remedy: problem.remedy });
  });
}

function boundTo({ caller, routeOptions, params }: FastifyRequest): string | undefined {
  if (caller !== null && caller.scope !== 'admin') return caller.scope.workspaceId;
  return routeOptions.config.access === 'workspace'
    ? (params as { workspaceId: string }).workspaceId
    : undefined;
}
