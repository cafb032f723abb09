import type { ApiRoutes } from '../dependencies.ts';
import { workspaceRoutes } from './workspaces.ts';

/** Everything under `/api/v1`. */
export const apiRoutes: ApiRoutes = async (app, { dependencies }) => {
  const resources = [workspaceRoutes];
  for (const routes of resources) await app.register(routes, { dependencies });
};
