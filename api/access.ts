import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../services/keys/api-keys.ts';
import { ForbiddenError } from '../services/errors.ts';

/**
 * Callers that may use a route. `admin`: admin keys. `workspace`: admin keys and keys of the workspace in
 * `:workspaceId`. `authenticated`: any key. `embed`: the token of an embed link, and no key. `public`: no key needed.
 */
export type Access = 'admin' | 'workspace' | 'authenticated' | 'embed' | 'public';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required on every route; checked at start. */
    access?: Access;
    /**
     * Whether Basic authentication, as browsers send it, may carry the key. Only for routes that change
     * nothing.
     */
    acceptsPassword?: boolean;
    /**
     * Whether keys that may only read may use it although its method is no reading one: it changes nothing, or
     * refuses by itself what such a key may not do.
     */
    readOnlyKeys?: boolean;
  }
}

const READING = ['GET', 'HEAD'];
export const ONLY_READS = 'This key may only read.';
const WORKSPACE_PARAMETER = '/:workspaceId';
/** Pages of the documentation plugin, which cannot declare their access. */
const DOCUMENTATION = /^\/docs(\/|$)/;

/** Refuses to start with a route that does not declare its access, or that tests cannot find. */
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

/** @throws ForbiddenError if the key may only read and the request changes something */
export function checkMayChange(
  { method, routeOptions: { config } }: FastifyRequest,
  { readOnly }: Caller,
): void {
  if (readOnly && !READING.includes(method) && !config.readOnlyKeys) throw new ForbiddenError(ONLY_READS);
}

/** @throws ForbiddenError if the caller may not use the route */
export function checkAccess(access: Access, { scope }: Caller, params: FastifyRequest['params']): void {
  if (access === 'public' || access === 'authenticated' || scope === 'admin') return;
  if (access === 'admin') throw new ForbiddenError('This route requires an admin key.');
  const { workspaceId } = params as { workspaceId?: string };
  if (workspaceId !== scope.workspaceId) throw new ForbiddenError('This key is for another workspace.');
}
