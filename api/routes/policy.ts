import { policyChanges, policySchema, setPolicy, showPolicy } from '../../services/planning/policy.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Hours and policy'];

/** How a workspace is planned. */
export const policyRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/policy`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readPolicy',
        tags,
        summary: 'How a workspace is planned',
        params: workspaceParams,
        response: { 200: policySchema },
      },
    },
    async (request) => showPolicy(request.database, request.params.workspaceId),
  );

  app.patch(
    `${WORKSPACE_PATH}/policy`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'setPolicy',
        tags,
        summary: 'Change what is given of the policy; null takes a limit or a target away',
        params: workspaceParams,
        body: policyChanges.strict(),
        response: { 200: policySchema },
      },
    },
    async (request) => setPolicy(request.database, request.params.workspaceId, request.body),
  );
};
