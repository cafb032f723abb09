import { z } from 'zod';
import { UnauthenticatedError } from '../../services/errors.ts';
import {
  createEmbedLink,
  embedLinkIdSchema,
  embedLinkSchema,
  listEmbedLinks,
  newEmbedLink,
  revokeEmbedLink,
} from '../../services/feeds/embed-links.ts';
import { embeddedEventsSchema, embeddedRange, readEmbedded } from '../../services/feeds/read-embedded.ts';
import { callerOf } from '../auth.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { removedSchema, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';
import { ownOrigin } from '../session-cookie.ts';

const tags = ['Embedding'];
const PATH = `${WORKSPACE_PATH}/embed-links`;

/** Read-only views of calendars in frames of other sites. */
export const embedLinkRoutes: ApiRoutes = async (app, { dependencies: { environment } }) => {
  app.post(
    PATH,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'createEmbedLink',
        tags,
        summary: 'Make a link that shows calendars in a frame of your page; it is answered only once',
        description:
          'The address alone is enough to read the events of these calendars until it expires or is revoked, or the key or session that made it is, and nothing else. Only pages of `frameOrigin` may show it in a frame. Takes no Idempotency-Key, because the answer is a secret and is not stored.',
        params: workspaceParams,
        body: newEmbedLink.strict(),
        response: {
          201: embedLinkSchema.extend({
            url: z.string().describe('Address for the frame. Its fragment is secret'),
          }),
        },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { path, ...link } = await createEmbedLink(request.database, workspaceId, request.body, {
        keyId: callerOf(request).keyId,
        sessionId: request.session?.id ?? null,
        adminSecret: environment.INTERNAL_TRIGGER_SECRET_KEY,
      });
      return reply.code(201).send({ ...link, url: `${ownOrigin(request, environment)}${path}` });
    },
  );

  app.get(
    PATH,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listEmbedLinks',
        tags,
        summary: 'The embed links of a workspace that have not expired, without their addresses',
        params: workspaceParams,
        response: { 200: z.array(embedLinkSchema) },
      },
    },
    async (request) => listEmbedLinks(request.database, request.params.workspaceId),
  );

  app.delete(
    `${PATH}/:linkId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'revokeEmbedLink',
        tags,
        summary: 'Revoke an embed link; its view shows nothing from then on',
        params: workspaceParams.extend({ linkId: embedLinkIdSchema }),
        response: { 200: removedSchema },
      },
    },
    async (request) => {
      const { workspaceId, linkId } = request.params;
      const { id } = await revokeEmbedLink(request.database, workspaceId, linkId);
      return { removed: id };
    },
  );

  app.get(
    '/embed/events',
    {
      config: { access: 'embed', isBigRead: true },
      schema: {
        operationId: 'listEmbeddedEvents',
        tags,
        summary: 'The occurrences that an embed link shows',
        description:
          'Takes the token in the fragment of the link’s address as `Authorization: Embed <token>`, and no key. A token opens no other route.',
        querystring: embeddedRange,
        response: { 200: embeddedEventsSchema },
      },
    },
    async (request) => {
      const { embedLink: link } = request;
      if (link === null) throw new UnauthenticatedError('There is no embed link.');
      return readEmbedded(request.database, link, request.query);
    },
  );
};
