import { tmpdir } from 'node:os';
import staticFiles from '@fastify/static';
import { z } from 'zod';
import { ClientGoneError, RateLimitedError } from '../../services/errors.ts';
import { exportWorkspace } from '../../services/tenancy/export-workspace.ts';
import { requireWorkspace } from '../../services/workspaces.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { ARCHIVE_FILE, KEPT_FOR_MS, KeptArchives, removeLeftArchives } from '../kept-archives.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';
import { Shares } from '../shares.ts';

/** Each writes or reads a file on the disk of the API. */
const MOST_AT_ONCE = { total: 4, perWorkspace: 1, perAdminKey: 2 };

const archiveSchema = { content: { 'application/zip': { schema: z.unknown() } } };

/** Everything of a tenant in one file. A client that is cut off goes on where it was. */
export const workspaceExportRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { archivesKeptForMs = KEPT_FOR_MS } = dependencies;
  const places = new Shares(MOST_AT_ONCE);
  const archives = new KeptArchives(archivesKeptForMs);
  await app.register(staticFiles, { root: tmpdir(), serve: false });
  app.addHook('onReady', removeLeftArchives);
  app.addHook('onClose', () => archives.clear());

  app.get(
    `${WORKSPACE_PATH}/export`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'exportWorkspace',
        tags: ['Workspaces'],
        summary: 'Everything of a workspace but secrets, as a ZIP archive of JSON lines and iCalendar',
        description:
          'The archive is one snapshot. It is written to the disk of the API first, so that no transaction waits for the client. Its `etag` is its SHA-256. For an hour a download that was cut off goes on with `Range` and that `etag` as `If-Range`: 206 has the rest. When this process no longer has the archive, 200 has a new one from its beginning. A `Range` without `If-Range` is ignored. 429 while other exports have taken every place.',
        params: workspaceParams,
        headers: z.object({
          range: z.string().optional().describe('`bytes=<number of bytes so far>-`'),
          'if-range': z.string().optional().describe('`etag` of the archive to go on with'),
        }),
        response: {
          200: { description: 'The archive', ...archiveSchema },
          206: { description: 'The requested bytes of the archive', ...archiveSchema },
        },
      },
    },
    async (request, reply) => {
      const { id } = await requireWorkspace(request.database, request.params.workspaceId);
      const leave = places.take(request);
      if (leave === null)
        throw new RateLimitedError('Other exports are running: try again after Retry-After.');
      try {
        const { range, 'if-range': tag } = request.headers;
        const former = range === undefined ? undefined : archives.find(id, tag);
        const archive =
          former ?? (await archives.write(id, (output) => exportWorkspace(request.database, id, output)));
        if (reply.raw.destroyed) throw new ClientGoneError('The client has closed its connection.');
        reply.raw.once('close', () => {
          leave();
          void archives.trim();
        });
        // Compared above: the plugin compares with its own tags alone.
        delete request.raw.headers['if-range'];
        return reply
          .headers({
            etag: archive.tag,
            'accept-ranges': 'bytes',
            'content-disposition': `attachment; filename="${id}.zip"`,
            'cache-control': 'no-store',
          })
          .sendFile(ARCHIVE_FILE, archive.folder, {
            acceptRanges: former !== undefined,
            etag: false,
            lastModified: false,
            cacheControl: false,
          });
      } catch (error) {
        leave();
        throw error;
      }
    },
  );
};
