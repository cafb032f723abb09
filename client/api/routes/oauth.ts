import cookie from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClientError } from '../../errors.ts';
import { CALLBACK_PATH, comeBack, openTicket, START_PATH } from '../../oauth/browser-connection.ts';
import { readRedirect } from '../../oauth/redirect-answer.ts';
import { connectionContext, syncConnected } from '../connection.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { overHttp } from '../over-http.ts';

const ROUTE = {
  config: { access: 'public' as const },
  schema: { hide: true },
  // A preview of the page would use up what serves once.
  exposeHeadRoute: false,
};

/** A cookie of one attempt, so that two tabs do not meet. Over https no other host of the domain can set it. */
function cookieName(publicUrl: string, attemptId: string): string {
  return `${isSecure(publicUrl) ? '__Host-' : ''}almanac-connect-${attemptId}`;
}

const isSecure = (publicUrl: string) => new URL(publicUrl).protocol === 'https:';

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?', 2)[1]);
}

/** A page of nothing but one of our own sentences. */
function sendPage(reply: FastifyReply, status: number, sentence: string): FastifyReply {
  const text = sentence.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .headers({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
    })
    .send(
      `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Almanac</title><p>${text}</p></html>\n`,
    );
}

/** What browsers open while an account is connected: who holds what is told in `browser-connection.ts`. */
export const oauthRoutes: ApiRoutes = async (app, { dependencies }) => {
  await app.register(cookie);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get(START_PATH, ROUTE, async (request, reply) => {
    const context = connectionContext(dependencies);
    try {
      const { attemptId, browser, url, expiresAt } = await openTicket(
        context,
        queryOf(request).get('ticket') ?? '',
      );
      return await reply
        .setCookie(cookieName(context.publicUrl, attemptId), browser, {
          httpOnly: true,
          secure: isSecure(context.publicUrl),
          // Google sends the browser back by a link of its own: strict would withhold the cookie.
          sameSite: 'lax',
          path: '/',
          expires: expiresAt,
        })
        .redirect(url);
    } catch (error) {
      if (error instanceof ClientError) return sendPage(reply, 400, overHttp(error.message));
      throw error;
    }
  });

  app.get(CALLBACK_PATH, ROUTE, async (request, reply) => {
    const context = connectionContext(dependencies);
    const answer = readRedirect(queryOf(request));
    if (answer === null) return sendPage(reply, 400, 'This is no answer of Google’s sign-in.');
    try {
      const cameBack = await comeBack(context, answer, (attemptId) => {
        const name = cookieName(context.publicUrl, attemptId);
        void reply.clearCookie(name, { path: '/', secure: isSecure(context.publicUrl) });
        return request.cookies[name];
      });
      if ('goOnTo' in cameBack) return await reply.redirect(cameBack.goOnTo);
      await syncConnected(dependencies, request, cameBack.account.workspaceId);
      return sendPage(reply, 200, 'The account is connected. You can close this window.');
    } catch (error) {
      if (error instanceof ClientError) return sendPage(reply, 400, overHttp(error.message));
      throw error;
    }
  });
};
