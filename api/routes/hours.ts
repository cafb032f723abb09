import { hoursByTypeSchema, hoursInput, setHours, showHours } from '../../services/planning/hours.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Hours and policy'];

/** Hours in which tasks and habits may be placed. */
export const hoursRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/hours`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readHours',
        tags,
        summary: 'The hours of every type, including defaults',
        params: workspaceParams,
        response: { 200: hoursByTypeSchema },
      },
    },
    async (request) => showHours(request.database, request.params.workspaceId),
  );

  app.put(
    `${WORKSPACE_PATH}/hours`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'setHours',
        tags,
        summary: 'Replace the hours of one type on some weekdays',
        description:
          'Without blocks those days are closed. A block whose end is not after its start extends past midnight.',
        params: workspaceParams,
        body: hoursInput.strict(),
        response: { 200: hoursByTypeSchema },
      },
    },
    async (request) => setHours(request.database, request.params.workspaceId, request.body),
  );
};
