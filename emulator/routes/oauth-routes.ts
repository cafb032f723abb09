import type { FastifyInstance } from 'fastify';
import { authorize } from '../oauth/authorize.ts';
import { exchangeToken } from '../oauth/token-endpoint.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { queryOf, stringsOf } from '../http/request-parts.ts';

/** OAuth at the same origin: /o/oauth2/v2/auth, /token, /oauth2/token, /revoke, /tokeninfo. */
export function oauthRoutes(server: FastifyInstance, { state, tokens }: EmulatorContext): void {
  server.get('/o/oauth2/v2/auth', async (request, reply) => {
    // A form sends every ticked scope by itself.
    const scope = [queryOf(request)['scope'] ?? []].flat().join(' ');
    const answer = authorize(state, tokens, { ...stringsOf(request.query), scope });
    if (answer.kind === 'redirect') return reply.redirect(answer.location, 302);
    return reply.status(answer.status).type('text/html; charset=utf-8').send(answer.html);
  });

  for (const path of ['/token', '/oauth2/token']) {
    server.post(path, async (request, reply) => {
      const { status, body } = exchangeToken(state, tokens, stringsOf(request.body));
      return reply.status(status).header('cache-control', 'no-store').send(body);
    });
  }

  for (const path of ['/revoke', '/oauth2/revoke']) {
    server.post(path, async (request, reply) => {
      // Google's own Node client sends the token in the query string, others in the body.
      const token = stringsOf(request.query)['token'] ?? stringsOf(request.body)['token'] ?? '';
      const owner = state.grants.get(token) ?? tokens.accessTokens.get(token);
      if (!owner || ('revoked' in owner && owner.revoked)) {
        return reply
          .status(400)
          .send({ error: 'invalid_token', error_description: 'Token expired or revoked' });
      }
      tokens.revokeUser(owner.email, owner.clientId);
      return reply.status(200).send({});
    });
  }

  server.route({
    method: ['GET', 'POST'],
    url: '/tokeninfo',
    handler: async (request, reply) => {
      const query = { ...stringsOf(request.body), ...stringsOf(request.query) };
      const bearer = request.headers.authorization?.replace(/^Bearer /i, '');
      const token = tokens.check(query['access_token'] ?? bearer);
      if (!token)
        return reply.status(400).send({ error: 'invalid_token', error_description: 'Invalid Value' });
      return {
        azp: token.clientId,
        aud: token.clientId,
        scope: token.scopes.join(' '),
        exp: String(Math.floor(token.expiresAtMs / 1000)),
        expires_in: String(Math.max(0, Math.floor((token.expiresAtMs - state.nowMs()) / 1000))),
        access_type: 'offline',
      };
    },
  });
}
