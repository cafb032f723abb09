import { z } from 'zod';
import { callerOf } from '../auth.ts';
import type { ApiRoutes } from '../dependencies.ts';

/** The scope of the caller's key. */
export const meRoutes: ApiRoutes = async (app) => {
  app.get(
    '/me',
    {
      config: { access: 'authenticated' },
      schema: {
        operationId: 'readMe',
        tags: ['Keys'],
        summary: 'The scope of the key in use',
        response: {
          200: z.object({
            keyId: z.string(),
            scope: z.union([z.literal('admin'), z.object({ workspaceId: z.string() })]),
            readOnly: z.boolean(),
          }),
        },
      },
    },
    async (request) => callerOf(request),
  );
};
