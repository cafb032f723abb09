import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../services/keys/api-keys.ts';
import { ForbiddenError } from '../services/errors.ts';

/**
 * Who may use a route. `admin`: keys without a workspace. `workspace`: those and the keys of the workspace that
 * `:workspaceId` names. `authenticated`: whoever has a key. `public`: everybody.
 */
export type Access = 'admin' | 'workspace' | 'authenticated' | 'public';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route says so; one that does not is refused at start. */
    access?: Access;
    /** Whether the key may come as the password of a browser. Only for routes that change nothing. */
    acceptsPassword?: boolean;
  }
}

const WORKSPACE_PARAMETER = '/:workspaceId';
/** The pages about the API come from a plugin that cannot say whom they are for. */
const DOCUMENTATION = /^\/docs(\/|$)/;

/** Refuses to start with a route that does not say who may use it, or that no test would find. */
export function requireDeclaredAccess(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (DOCUMENTATION.test(route.url)) route.config = { ...route.config, access: 'public' };
    const access = route.config?.access;
    if (access === undefined) throw new Error(`Route ${route.url} does not declare its access.`);
    if (access !== 'public' && route.schema?.hide) {
      throw new Error(`Route ${route.url} is hidden and not public.`);
    }
    if (access === 'workspace' && !route.url.includes(WORKSPACE_PARAMETER)) {
      throw new Error(`Route ${route.url} is for workspaces and has no ${WORKSPACE_PARAMETER}.`);
    }
  });
}

/** @throws ForbiddenError when the caller may not use the route. */
export function checkAccess(access: Access, { scope }: Caller, params: FastifyRequest['params']): void {
  if (access === 'public' || access === 'authenticated' || scope === 'admin') return;
  if (access === 'admin') throw new ForbiddenError('This takes an admin key.');
  const { workspaceId } = params as { workspaceId?: string };
  if (workspaceId !== scope.workspaceId) throw new ForbiddenError('This key is for another workspace.');
}
