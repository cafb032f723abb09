import { z } from 'zod';
import { WEEKDAYS } from '../../scheduling/default-hours.ts';
import { hoursInput, setHours, showHours } from '../../services/planning/hours.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Hours and policy'];

const hoursSchema = z
  .record(z.string(), z.record(z.enum(WEEKDAYS), z.array(z.array(z.string()).length(2))))
  .describe('By type and weekday: blocks of local time, such as ["09:00", "12:00"]');

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
        response: { 200: hoursSchema },
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
          'No blocks: closed on those days. A block whose end is not after its start runs over midnight.',
        params: workspaceParams,
        body: hoursInput.strict(),
        response: { 200: hoursSchema },
      },
    },
    async (request) => setHours(request.database, request.params.workspaceId, request.body),
  );
};
