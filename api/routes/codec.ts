import type { Payload } from '@temporalio/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createPayloadCodec } from '../../client/payload-codec.ts';
import { InvalidInputError } from '../../services/errors.ts';
import type { ApiRoutes } from '../dependencies.ts';

/** One page of a history, including the base64 overhead. */
const MOST_BODY_BYTES = 8 * 1_024 * 1_024;
const MOST_PAYLOADS = 10_000;
const PREFLIGHT_LASTS_SECONDS = 600;

const base64 = z.base64('must be base64');
/** Payloads in Temporal's JSON form. */
const payloadsSchema = z.object({
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), base64).optional(), data: base64.optional() }))
    .max(MOST_PAYLOADS, `must be at most ${MOST_PAYLOADS}`),
});
type JsonPayload = z.infer<typeof payloadsSchema>['payloads'][number];

function fromJson({ metadata = {}, data = '' }: JsonPayload): Payload {
  const fields = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]);
  return { metadata: Object.fromEntries(fields), data: Buffer.from(data, 'base64') };
}

const toBase64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');

function toJson({ metadata, data }: Payload): JsonPayload {
  const fields = Object.entries(metadata ?? {}).map(([name, value]) => [name, toBase64(value)]);
  return { metadata: Object.fromEntries(fields), data: toBase64(data) };
}

/**
 * Temporal's remote codec protocol, for its Web UI and command line: admins can read encrypted histories.
 * Browsers call it from the Web UI's origin, which has to be allowed, and send the API key as a password. Opening
 * `/codec` in the browser asks for it.
 */
export const codecRoutes: ApiRoutes = async (app, { dependencies: { environment } }) => {
  const codec = createPayloadCodec({
    keys: environment.TOKEN_ENCRYPTION_KEY,
    encrypt: environment.TEMPORAL_PAYLOAD_ENCRYPTION,
  });
  const config = { access: 'admin', acceptsPassword: true } as const;

  function allowOrigin(request: FastifyRequest, reply: FastifyReply): boolean {
    const { origin = '' } = request.headers;
    void reply.header('vary', 'origin');
    if (!environment.API_CODEC_ORIGINS.includes(origin)) return false;
    void reply.header('access-control-allow-origin', origin);
    void reply.header('access-control-allow-credentials', 'true');
    return true;
  }
  app.addHook('onRequest', async (request, reply) => {
    allowOrigin(request, reply);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode === 401) reply.header('www-authenticate', 'Basic realm="Almanac codec", Bearer');
  });

  app.get(
    '/codec',
    {
      config,
      schema: {
        operationId: 'openCodec',
        tags: ['Service'],
        summary: 'Make the browser ask for the key before the Web UI calls the codec',
        response: { 200: { description: 'A sentence', content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async () => 'The Web UI can decrypt payloads now.',
  );

  for (const [direction, translate] of [
    ['encode', codec.encode],
    ['decode', codec.decode],
  ] as const) {
    const path = `/codec/${direction}`;
    app.options(path, { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
      reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'authorization, content-type, x-namespace')
        .header('access-control-max-age', PREFLIGHT_LASTS_SECONDS)
        .code(204)
        .send(),
    );
    app.post(
      path,
      {
        config,
        bodyLimit: MOST_BODY_BYTES,
        schema: {
          operationId: `${direction}Payloads`,
          tags: ['Service'],
          summary:
            direction === 'encode'
              ? 'Encrypt payloads of workflows, if encryption is switched on'
              : 'Decrypt payloads of workflows',
          body: payloadsSchema,
          response: { 200: payloadsSchema },
        },
      },
      async (request) => {
        try {
          const payloads = await translate(request.body.payloads.map(fromJson));
          return { payloads: payloads.map(toJson) };
        } catch (error) {
          throw new InvalidInputError(
            'payloads',
            'must be as they were encrypted, under a key that TOKEN_ENCRYPTION_KEY still holds',
            { cause: error },
          );
        }
      },
    );
  }
};
