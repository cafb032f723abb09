import { z } from 'zod';
import { COUNTS } from '../../calendar/busy.ts';
import { policyChanges, setPolicy, showPolicy } from '../../services/planning/policy.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Hours and policy'];

const counts = (what: string) => z.enum(COUNTS).describe(`How ${what}`);

const policySchema = z.object({
  bufferMinutes: z.int().describe('Kept free around blocks'),
  maxMinutesPerDay: z.record(z.string(), z.int()).describe('By type of hours'),
  freezeMinutes: z.int().describe('Blocks that begin sooner than this stay where they are'),
  granularityMinutes: z.int(),
  days: z.int().describe('How far ahead is planned, from today'),
  targetAccountId: z.string().nullable().describe('Null: the first account that is connected'),
  targetCalendarId: z.string().nullable().describe("Null: the account's own one, made by Almanac"),
  autoApply: z.boolean().describe('Whether scheduled runs write to Google'),
  allDay: counts('all-day events count, unless they are out-of-office'),
  tentative: counts('tentative events count, and those that the person has answered with "maybe"'),
  unanswered: counts('invitations count that the person has not answered'),
  outOfOffice: counts('out-of-office events count, of any length'),
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
