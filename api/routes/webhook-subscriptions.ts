import { z } from 'zod';
import type { DeliveryContext } from '../../services/delivery/context.ts';
import { deliverySchema, listDeliveries } from '../../services/delivery/delivery-log.ts';
import { pauseWebhook, resumeWebhook } from '../../services/delivery/pause.ts';
import { replayWebhook, webhookReplay } from '../../services/delivery/replay.ts';
import { rotateSecret, secretRotation } from '../../services/delivery/rotate-secret.ts';
import {
  createdWebhookSchema,
  newWebhook,
  webhookChanges,
  webhookIdSchema,
  webhookSchema,
} from '../../services/delivery/subscription-input.ts';
import { testWebhook } from '../../services/delivery/test-webhook.ts';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  findWebhook,
  listFailingWebhooks,
  listWebhooks,
  MOST_FAILING_SHOWN,
} from '../../services/delivery/webhooks.ts';
import { createTokenCipher } from '../../services/google/token-cipher.ts';
import type { Database } from '../../prisma/client.ts';
import { MAX_LOGGED_DELIVERIES } from '../../contracts/limits.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { pageLimit, removedSchema, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Webhooks'];

/** Routes of a workspace's webhooks, or, for admins, of those for all workspaces. */
const SCOPES = [
  { access: 'workspace', path: `${WORKSPACE_PATH}/webhooks`, params: workspaceParams, suffix: '' },
  { access: 'admin', path: '/webhooks', params: z.object({}), suffix: 'ForAll' },
] as const;

/** The workspace of a request; null: all of them. */
const scopeOf = (params: object) => ('workspaceId' in params ? String(params.workspaceId) : null);

const SECRET_NOTE =
  'The secret is answered only once. Takes no Idempotency-Key, because the answer is a secret and is not stored.';

/** Receivers of changes. The workflow of each makes the deliveries. */
export const webhookSubscriptionRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { TOKEN_ENCRYPTION_KEY, WEBHOOK_ALLOWED_NETWORKS: networks } = dependencies.environment;
  const tokenCipher = createTokenCipher(TOKEN_ENCRYPTION_KEY);
  const contextOf = (database: Database): DeliveryContext => ({ database, tokenCipher, guard: { networks } });

  app.get(
    '/failing-webhooks',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listFailingWebhooks',
        tags,
        summary: `Webhooks of all workspaces that are retried, or paused because they failed, at most ${MOST_FAILING_SHOWN}`,
        response: { 200: z.array(webhookSchema) },
      },
    },
    async (request) => listFailingWebhooks(request.database),
  );

  for (const { access, path, params, suffix } of SCOPES) {
    const config = { access };
    const of = suffix === '' ? 'of a workspace' : 'for all workspaces';
    const one = params.extend({ webhookId: webhookIdSchema });
    const at = `${path}/:webhookId` as const;

    app.get(
      path,
      {
        config,
        schema: {
          operationId: `listWebhooks${suffix}`,
          tags,
          summary: `The webhooks ${of}, without their secrets`,
          params,
          response: { 200: z.array(webhookSchema) },
        },
      },
      async (request) => listWebhooks(request.database, scopeOf(request.params)),
    );

    app.post(
      path,
      {
        config,
        schema: {
          operationId: `createWebhook${suffix}`,
          tags,
          summary: `Create a webhook ${of}; its secret is answered only once`,
          description: SECRET_NOTE,
          params,
          body: newWebhook,
          response: { 201: createdWebhookSchema },
        },
      },
      async (request, reply) => {
        const scope = scopeOf(request.params);
        return reply.code(201).send(await createWebhook(contextOf(request.database), scope, request.body));
      },
    );

    app.get(
      at,
      {
        config,
        schema: {
          operationId: `getWebhook${suffix}`,
          tags,
          summary: `One webhook ${of}`,
          params: one,
          response: { 200: webhookSchema },
        },
      },
      async (request) => findWebhook(request.database, scopeOf(request.params), request.params.webhookId),
    );

    app.patch(
      at,
      {
        config,
        schema: {
          operationId: `changeWebhook${suffix}`,
          tags,
          summary: `Change what a webhook ${of} gets, or where; a failing one is tried again at once`,
          params: one,
          body: webhookChanges,
          response: { 200: webhookSchema },
        },
      },
      async (request) => {
        const { webhookId } = request.params;
        return changeWebhook(contextOf(request.database), scopeOf(request.params), webhookId, request.body);
      },
    );

    app.delete(
      at,
      {
        config,
        schema: {
          operationId: `deleteWebhook${suffix}`,
          tags,
          summary: `Delete a webhook ${of}`,
          params: one,
          response: { 200: removedSchema },
        },
      },
      async (request) => {
        const { webhookId } = request.params;
        const { id } = await deleteWebhook(request.database, scopeOf(request.params), webhookId);
        return { removed: id };
      },
    );

    const actions = [
      ['pause', 'Pause', 'Pause a webhook; nothing is missed when it is resumed', pauseWebhook],
      [
        'resume',
        'Resume',
        'Resume a webhook where it has stopped, or try a failing one at once',
        resumeWebhook,
      ],
    ] as const;
    for (const [action, name, summary, act] of actions) {
      app.post(
        `${at}/${action}`,
        {
          config,
          schema: {
            operationId: `${name.toLowerCase()}Webhook${suffix}`,
            tags,
            summary,
            params: one,
            response: { 200: webhookSchema },
          },
        },
        async (request) => act(request.database, scopeOf(request.params), request.params.webhookId),
      );
    }

    app.post(
      `${at}/rotate-secret`,
      {
        config,
        schema: {
          operationId: `rotateWebhookSecret${suffix}`,
          tags,
          summary: 'Replace the secret of a webhook; both are valid until the overlap ends',
          description: SECRET_NOTE,
          params: one,
          body: secretRotation,
          response: { 200: createdWebhookSchema },
        },
      },
      async (request) => {
        const { webhookId } = request.params;
        return rotateSecret(contextOf(request.database), scopeOf(request.params), webhookId, request.body);
      },
    );

    app.post(
      `${at}/replay`,
      {
        config,
        schema: {
          operationId: `replayWebhook${suffix}`,
          tags,
          summary: 'Deliver the changes after a position once more, in a new generation',
          params: one,
          body: webhookReplay,
          response: { 200: webhookSchema },
        },
      },
      async (request) => {
        const { webhookId } = request.params;
        return replayWebhook(request.database, scopeOf(request.params), webhookId, request.body);
      },
    );

    app.post(
      `${at}/test`,
      {
        config,
        schema: {
          operationId: `testWebhook${suffix}`,
          tags,
          summary: 'Post a signed message of the type `webhook.test`, and answer what its receiver did',
          params: one,
          response: { 200: deliverySchema },
        },
      },
      async (request) =>
        testWebhook(contextOf(request.database), scopeOf(request.params), request.params.webhookId),
    );

    app.get(
      `${at}/deliveries`,
      {
        config,
        schema: {
          operationId: `listDeliveries${suffix}`,
          tags,
          summary: 'The latest attempts, newest first, without bodies',
          params: one,
          querystring: z.object({ limit: pageLimit(MAX_LOGGED_DELIVERIES, 50) }),
          response: { 200: z.array(deliverySchema) },
        },
      },
      async (request) => {
        const { webhookId } = request.params;
        return listDeliveries(request.database, scopeOf(request.params), webhookId, request.query);
      },
    );
  }
};
