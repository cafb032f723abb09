import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { frameOriginOf } from '../../services/feeds/embed-links.ts';
import { CONSOLE_FOLDER } from '../console-files.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { sendProblem } from '../problem.ts';

const ROUTE = { config: { access: 'public' as const } };
/** Files whose names change with their content. */
const HASHED = /^assets\/[\w.-]+$/;
const YEAR_MS = 365 * 86_400_000;
/** A file beside index.html, such as an icon. */
const PLAIN_FILE = /^[a-z][\w-]*\.[a-z0-9]{2,5}$/;

/** Views for frames of other sites. */
const EMBED = /^embed\/([\w-]+)$/;

/** Nothing from elsewhere, and nothing inline. */
const policy = (frameAncestors: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    `frame-ancestors ${frameAncestors}`,
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');

/** The console: a program for browsers, of static files. Its pages are paths that only it knows. */
export const consoleRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { consoleFolder = CONSOLE_FOLDER } = dependencies;
  await app.register(staticFiles, { root: consoleFolder, serve: false, preCompressed: true });

  const isFile = async (path: string) =>
    stat(join(consoleFolder, path)).then(
      (found) => found.isFile(),
      () => false,
    );

  async function sendPage(request: FastifyRequest, reply: FastifyReply, frameAncestors: string) {
    if (!(await isFile('index.html'))) {
      const detail = 'The console is not built: run `npm run build`, then load this page again.';
      sendProblem(request, reply, { status: 503, type: 'console-not-built', detail });
      return reply;
    }
    return reply
      .headers({ 'content-security-policy': policy(frameAncestors), 'cache-control': 'no-cache' })
      .sendFile('index.html', { cacheControl: false });
  }

  const originFor = async (path: string) => {
    const linkId = EMBED.exec(path)?.[1];
    return linkId === undefined ? null : frameOriginOf(dependencies.database, linkId);
  };

  app.get('/', { ...ROUTE, schema: { hide: true } }, async (_request, reply) => reply.redirect('/console/'));
  app.get('/console', { ...ROUTE, schema: { hide: true } }, async (_request, reply) =>
    reply.redirect('/console/'),
  );

  app.get(
    '/console/*',
    { ...ROUTE, schema: { hide: true, params: z.object({ '*': z.string() }) } },
    async (request, reply) => {
      const path = request.params['*'];
      // Each file may lie there compressed as well, and caches have to tell the forms apart.
      void reply.header('vary', 'accept-encoding');
      if (HASHED.test(path)) return reply.sendFile(path, { maxAge: YEAR_MS, immutable: true });
      if (path.startsWith('assets/')) return reply.callNotFound();
      if (path !== 'index.html' && PLAIN_FILE.test(path) && (await isFile(path)))
        return reply.header('cache-control', 'no-cache').sendFile(path, { cacheControl: false });
      const frameOrigin = await originFor(path);
      if (frameOrigin === null) return sendPage(request, reply, "'none'");
      void reply.removeHeader('x-frame-options').header('cross-origin-resource-policy', 'cross-origin');
      return sendPage(request, reply, frameOrigin);
    },
  );
};
