import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asWorkspace } from '../prisma/as-workspace.ts';
import type { Database } from '../prisma/client.ts';
import { tenantRoleProblem } from '../prisma/tenant-role.ts';
import { ClientGoneError, NotConfiguredError } from '../services/errors.ts';
import type { ApiDependencies } from './dependencies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Runs `work` with a database handle that reaches what the request may reach. What has to look across workspaces
     * takes the database of the dependencies.
     *
     * @example
     * return request.withDatabase((database) => listCalendars(database, request.params.workspaceId));
     */
    withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T>;
  }
}

/**
 * The one place where a request gets at the database. A workspace's key reaches that workspace alone, whatever its
 * request says and whatever has become of the checks before; an admin's reaches the workspace that the path names.
 */
export function provideDatabase(app: FastifyInstance, { database, logger }: ApiDependencies): void {
  app.decorateRequest('withDatabase', async function withDatabase(this: FastifyRequest, work) {
    const workspaceId = boundTo(this);
    if (workspaceId === undefined) return work(database);
    const { raw, method } = this;
    const isRead = method === 'GET' || method === 'HEAD';
    // What has begun to write goes on: who asks again learns what has become of it.
    const stopWhenGone = () => {
      if (isRead && raw.socket.destroyed) throw new ClientGoneError('The client has closed its connection.');
    };
    return work(asWorkspace(database, workspaceId, stopWhenGone));
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
