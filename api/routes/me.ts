import { z } from 'zod';
import { scopeSchema } from '../../services/keys/sessions.ts';
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
            scope: scopeSchema,
            readOnly: z.boolean(),
          }),
        },
      },
    },
    async (request) => callerOf(request),
  );
};
