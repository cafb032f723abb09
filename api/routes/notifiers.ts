import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { sentSchema } from '../../services/notifier/at-once.ts';
import {
  confirmNotifier,
  notifierConfirmation,
  sendAnotherCode,
} from '../../services/notifier/confirm-notifier.ts';
import {
  messagePositionSchema,
  messageSchema,
  pageOfMessages,
} from '../../services/notifier/list-messages.ts';
import {
  createdNotifierSchema,
  newNotifier,
  notifierChanges,
  notifierIdSchema,
  notifierSchema,
} from '../../services/notifier/notifier-fields.ts';
import {
  changeNotifier,
  createNotifier,
  deleteNotifier,
  listNotifiers,
  type NotifierScope,
} from '../../services/notifier/notifiers.ts';
import { sendingOf } from '../../services/notifier/sending-of.ts';
import { testNotifier } from '../../services/notifier/test-notifier.ts';
import type { ApiRoutes } from '../dependencies.ts';
import {
  LIST_PAGES,
  listQuery,
  removedSchema,
  sendList,
  WORKSPACE_PATH,
  workspaceParams,
} from '../schemas.ts';

const tags = ['Notifiers'];
const notifierParams = z.object({ notifierId: notifierIdSchema });

const LIST = { tags, response: { 200: z.array(notifierSchema) } };
const CREATE = {
  tags,
  description:
    'Takes no Idempotency-Key, because the answer may hold a secret and is not stored. A new notifier is first notified of what is already open; an e-mail address after it was confirmed.',
  body: newNotifier,
  response: { 201: createdNotifierSchema },
};
const CHANGE = { tags, body: notifierChanges, response: { 200: notifierSchema } };
const DELETE = { tags, response: { 200: removedSchema } };
const TEST = { tags, response: { 200: sentSchema } };
const CONFIRM = {
  tags,
  description: 'A code is valid for a day, once, and for five attempts. Confirming again changes nothing.',
  body: notifierConfirmation,
  response: { 200: notifierSchema },
};
const MESSAGES = {
  tags,
  description: LIST_PAGES,
  querystring: listQuery(messagePositionSchema),
  response: { 200: z.array(messageSchema) },
};

interface Scope {
  path: string;
  access: 'workspace' | 'admin';
  params: z.ZodObject;
  /** End of the operation IDs. */
  operation: string;
  /** End of the summaries. */
  of: string;
}

const SCOPES: readonly Scope[] = [
  {
    path: `${WORKSPACE_PATH}/notifiers`,
    access: 'workspace',
    params: workspaceParams,
    operation: 'Notifier',
    of: 'a workspace',
  },
  {
    path: '/notifiers',
    access: 'admin',
    params: z.object({}),
    operation: 'InstallationNotifier',
    of: 'the installation, which receive the notices of every workspace as well',
  },
];

/** The notifier that a request names, in its scope. */
function namesOf({ params }: FastifyRequest): { scope: NotifierScope; notifierId: string } {
  const { workspaceId = null, notifierId = '' } = params as { workspaceId?: string; notifierId?: string };
  return { scope: workspaceId, notifierId };
}

/** Receivers of notices: those of a workspace, and those of the installation for admins. */
export const notifierRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { environment } = dependencies;
  const tokenCipher = createTokenCipher(environment.TOKEN_ENCRYPTION_KEY);
  const sending = sendingOf(environment);
  const contextOf = ({ database }: FastifyRequest) => ({ database, tokenCipher, sending });

  for (const { path, access, params, operation, of } of SCOPES) {
    const config = { access };
    const one = params.extend(notifierParams.shape);

    app.get(
      path,
      {
        config,
        schema: { ...LIST, operationId: `list${operation}s`, summary: `The notifiers of ${of}`, params },
      },
      async (request) => listNotifiers(contextOf(request), namesOf(request).scope),
    );

    app.post(
      path,
      {
        config,
        schema: {
          ...CREATE,
          operationId: `create${operation}`,
          summary: `Create a notifier of ${of}`,
          params,
        },
      },
      async (request, reply) => {
        const created = await createNotifier(contextOf(request), namesOf(request).scope, request.body);
        return reply.code(201).send(created);
      },
    );

    app.patch(
      `${path}/:notifierId`,
      {
        config,
        schema: {
          ...CHANGE,
          operationId: `change${operation}`,
          summary: 'Rename or pause a notifier, or choose its notices',
          params: one,
        },
      },
      async (request) => {
        const { scope, notifierId } = namesOf(request);
        return changeNotifier(contextOf(request), scope, notifierId, request.body);
      },
    );

    app.delete(
      `${path}/:notifierId`,
      {
        config,
        schema: { ...DELETE, operationId: `delete${operation}`, summary: 'Delete a notifier', params: one },
      },
      async (request) => {
        const { scope, notifierId } = namesOf(request);
        return { removed: (await deleteNotifier(request.database, scope, notifierId)).id };
      },
    );

    app.post(
      `${path}/:notifierId/test`,
      {
        config,
        schema: { ...TEST, operationId: `test${operation}`, summary: 'Send a test message now', params: one },
      },
      async (request) => {
        const { scope, notifierId } = namesOf(request);
        return testNotifier(contextOf(request), scope, notifierId);
      },
    );

    app.post(
      `${path}/:notifierId/confirm`,
      {
        config,
        schema: {
          ...CONFIRM,
          operationId: `confirm${operation}`,
          summary: 'Confirm an e-mail address with the code that was sent to it',
          params: one,
        },
      },
      async (request) => {
        const { scope, notifierId } = namesOf(request);
        return confirmNotifier(contextOf(request), scope, notifierId, request.body);
      },
    );

    app.post(
      `${path}/:notifierId/send-code`,
      {
        config,
        schema: {
          ...TEST,
          operationId: `send${operation}Code`,
          summary: 'Send another code to an unconfirmed e-mail address',
          params: one,
        },
      },
      async (request) => {
        const { scope, notifierId } = namesOf(request);
        return sendAnotherCode(contextOf(request), scope, notifierId);
      },
    );

    app.get(
      `${path}/:notifierId/messages`,
      {
        config,
        schema: {
          ...MESSAGES,
          operationId: `list${operation}Messages`,
          summary: 'Messages to a notifier and their outcomes, newest first',
          params: one,
        },
      },
      async (request, reply) => {
        const { scope, notifierId } = namesOf(request);
        const { cursor: after, limit } = request.query;
        return sendList(
          request,
          reply,
          await pageOfMessages(request.database, scope, notifierId, { after, limit }),
        );
      },
    );
  }
};
