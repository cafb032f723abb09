import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { WEBHOOK_PATH } from '../../contracts/push.ts';
import { createNotificationIntake } from '../push/notification-intake.ts';
import { readNotification } from '../push/read-notification.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { ApiMetrics } from '../metrics.ts';

/** Google sends no body. Whatever comes is read so far, that the connection can be used again, and thrown away. */
const MOST_BODY_BYTES = 1_024;

/** Where Google tells of changes. Everybody can ask; only who knows a channel's secret is heeded. */
export const webhookRoutes: FastifyPluginAsyncZod<{
  dependencies: ApiDependencies;
  metrics: ApiMetrics;
}> = async (app, { dependencies, metrics }) => {
  const intake = createNotificationIntake(dependencies);
  app.addHook('onClose', () => intake.close());
  // Google calls its empty body JSON.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BODY_BYTES }, (_request, _body, done) =>
    done(null),
  );

  app.post(
    WEBHOOK_PATH,
    // Of the few addresses that Google posts from, each has more to say than any caller.
    { config: { access: 'public', rateLimit: false }, bodyLimit: MOST_BODY_BYTES, schema: { hide: true } },
    async (request, reply) => {
      const outcome = await intake.receive(readNotification(request.headers), request.id, request.ip);
      metrics.notificationReceived(outcome);
      // A proxy that drops headers, or somebody who tries: Google itself is never told.
      if (outcome === 'forged') request.log.warn('A notification with a wrong token or resource was ignored');
      else request.log.debug({ outcome }, 'Notification received');
      return reply.code(204).send();
    },
  );
};
