import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../services/errors.ts';
import { CALLBACK_PATH, comeBack, openTicket, START_PATH } from '../../services/oauth/browser-connection.ts';
import { readRedirect } from '../../services/oauth/redirect-answer.ts';
import { connectionContext, syncConnected } from '../connection.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { withRoute } from '../remedies.ts';

const ROUTE = {
  config: { access: 'public' as const },
  schema: { hide: true },
  // A preview by HEAD would use up the URL, which works once.
  exposeHeadRoute: false,
};

/** One cookie per attempt, so that two tabs do not collide. Over https no other host of the domain can set it. */
function cookieName(publicUrl: string, attemptId: string): string {
  return `${isSecure(publicUrl) ? '__Host-' : ''}almanac-connect-${attemptId}`;
}

const isSecure = (publicUrl: string) => new URL(publicUrl).protocol === 'https:';

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?', 2)[1]);
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function sendHtml(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .headers({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
    })
    .send(
      `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Almanac</title>${body}</html>\n`,
    );
}

/** A page with a single sentence of ours. */
const sendPage = (reply: FastifyReply, status: number, sentence: string) =>
  sendHtml(reply, status, `<p>${escaped(sentence)}</p>`);

/** Google's page names our OAuth client, but not the workspace that receives the calendars. */
const sendConsentNotice = (reply: FastifyReply, workspaceId: string, url: string) =>
  sendHtml(
    reply,
    200,
    `<p>You are about to connect your Google calendars to the workspace <strong>${escaped(workspaceId)}</strong>, whose users will see them. Close this window unless you have asked for that.</p><p><a href="${escaped(url)}" rel="noreferrer">Go on to Google</a></p>`,
  );

/** Pages that browsers open while an account is connected. `browser-connection.ts` explains the steps. */
export const oauthRoutes: ApiRoutes = async (app, { dependencies }) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get(START_PATH, ROUTE, async (request, reply) => {
    const context = connectionContext(dependencies);
    try {
      const opened = await openTicket(context, queryOf(request).get('ticket') ?? '');
      void reply.setCookie(cookieName(context.publicUrl, opened.attemptId), opened.browser, {
        httpOnly: true,
        secure: isSecure(context.publicUrl),
        // Google sends the browser back by a cross-site link: `strict` would withhold the cookie.
        sameSite: 'lax',
        path: '/',
        expires: opened.expiresAt,
      });
      return opened.isFinal
        ? sendConsentNotice(reply, opened.workspaceId, opened.url)
        : await reply.redirect(opened.url);
    } catch (error) {
      if (error instanceof DomainError) return sendPage(reply, 400, withRoute(error));
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
      if (error instanceof DomainError) return sendPage(reply, 400, withRoute(error));
      throw error;
    }
  });
};
