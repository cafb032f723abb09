import { z } from 'zod';
import { policyChanges, setPolicy, showPolicy } from '../../planning/policy.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Hours and policy'];

const policySchema = z.object({
  bufferMinutes: z.int().describe('Kept free around blocks'),
  maxMinutesPerDay: z.record(z.string(), z.int()).describe('By type of hours'),
  freezeMinutes: z.int().describe('Blocks that begin sooner than this stay where they are'),
  granularityMinutes: z.int(),
  days: z.int().describe('How far ahead is planned, from today'),
  targetAccountId: z.string().nullable().describe('Null: the first account that is connected'),
  targetCalendarId: z.string().nullable().describe("Null: the account's own one, made by Almanac"),
  autoApply: z.boolean().describe('Whether scheduled runs write to Google'),
});

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
    async (request) => request.withDatabase((database) => showPolicy(database, request.params.workspaceId)),
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
    async (request) =>
      request.withDatabase((database) => setPolicy(database, request.params.workspaceId, request.body)),
  );
};
