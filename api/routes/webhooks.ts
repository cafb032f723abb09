import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { WEBHOOK_PATH } from '../../contracts/push.ts';
import { createNotificationIntake } from '../push/notification-intake.ts';
import { readNotification } from '../push/read-notification.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { ApiMetrics } from '../metrics.ts';

/** Google sends no body. A small one is read and dropped, so that the connection can be reused. */
const MOST_BODY_BYTES = 1_024;

/** Receives Google's notifications. The route is public; a notification counts only with the channel's secret. */
export const webhookRoutes: FastifyPluginAsyncZod<{
  dependencies: ApiDependencies;
  metrics: ApiMetrics;
}> = async (app, { dependencies, metrics }) => {
  const intake = createNotificationIntake(dependencies);
  app.addHook('onClose', () => intake.close());
  // Google labels its empty body as JSON.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BODY_BYTES }, (_request, _body, done) =>
    done(null),
  );

  app.post(
    WEBHOOK_PATH,
    // Not rate limited: Google posts from few addresses, each far above any caller's limit.
    // Without headers for browsers: the answer is empty, and a flood of notifications must be cheap.
    {
      config: { access: 'public', rateLimit: false },
      helmet: false,
      bodyLimit: MOST_BODY_BYTES,
      schema: { hide: true },
    },
    async (request, reply) => {
      const outcome = await intake.receive(readNotification(request.headers), request.id, request.ip);
      metrics.notificationReceived(outcome);
      // A proxy that drops headers, or a forgery. The answer to Google is the same.
      if (outcome === 'forged') request.log.warn('A notification with a wrong token or resource was ignored');
      else request.log.debug({ outcome }, 'Notification received');
      return reply.code(204).send();
    },
  );
};
