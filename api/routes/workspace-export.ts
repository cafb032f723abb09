import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RateLimitedError } from '../../services/errors.ts';
import { exportWorkspace } from '../../services/tenancy/export-workspace.ts';
import { requireWorkspace } from '../../services/workspaces.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';
import { Shares } from '../shares.ts';

/** Each has a file on the disk of the API until it is sent. */
const MOST_AT_ONCE = { total: 4, perWorkspace: 1, perAdminKey: 2 };

/** Everything of a tenant in one file. */
export const workspaceExportRoutes: ApiRoutes = async (app) => {
  const places = new Shares(MOST_AT_ONCE);

  app.get(
    `${WORKSPACE_PATH}/export`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'exportWorkspace',
        tags: ['Workspaces'],
        summary: 'Everything of a workspace but secrets, as a ZIP archive of JSON lines and iCalendar',
        description:
          'The archive is one snapshot. It is written to the disk of the API first, so that no transaction waits for the client. 429 while other exports have taken every place.',
        params: workspaceParams,
        response: {
          200: { description: 'The archive', content: { 'application/zip': { schema: z.unknown() } } },
        },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      await requireWorkspace(request.database, workspaceId);
      const leave = places.take(request);
      if (leave === null)
        throw new RateLimitedError('Other exports are running: try again after Retry-After.');
      const directory = await mkdtemp(join(tmpdir(), 'almanac-export-'));
      const clear = async () => {
        leave();
        await rm(directory, { recursive: true, force: true });
      };
      try {
        const path = join(directory, 'archive.zip');
        const output = createWriteStream(path, { mode: 0o600 });
        await exportWorkspace(request.database, workspaceId, output);
        const { size } = await stat(path);
        reply.raw.once('close', () => void clear());
        return await reply
          .type('application/zip')
          .header('content-length', size)
          .header('content-disposition', `attachment; filename="${workspaceId}.zip"`)
          .header('cache-control', 'no-store')
          .send(createReadStream(path));
      } catch (error) {
        await clear();
        throw error;
      }
    },
  );
};
