import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiDependencies } from './dependencies.ts';

const BAD_REQUEST = 400;

/** Counts the calls of each workspace: those with its keys, and what admins have asked of its routes. */
export function countCalls(app: FastifyInstance, { usage }: ApiDependencies): void {
  if (usage === undefined) return;
  app.addHook('onResponse', async (request, { statusCode }) => {
    const workspaceId = workspaceOf(request, statusCode);
    if (workspaceId !== undefined) usage.count(workspaceId, 'apiCalls');
  });
}

function workspaceOf({ caller, params }: FastifyRequest, status: number): string | undefined {
  if (caller === null) return undefined;
  if (caller.scope !== 'admin') return caller.scope.workspaceId;
  // Not validated if the request was refused.
  return status < BAD_REQUEST ? (params as { workspaceId?: string } | null)?.workspaceId : undefined;
}
