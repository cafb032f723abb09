import { policyChanges, policySchema, setPolicy, showPolicy } from '../../services/planning/policy.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Hours and policy'];

/** The planning policy of a workspace. */
export const policyRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/policy`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readPolicy',
        tags,
        summary: 'The planning policy of a workspace',
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
        summary: 'Change the given fields of the policy; null clears a limit or a target',
        params: workspaceParams,
        body: policyChanges.strict(),
        response: { 200: policySchema },
      },
    },
    async (request) => setPolicy(request.database, request.params.workspaceId, request.body),
  );
};
