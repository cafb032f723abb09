import type { FastifyReply, FastifyRequest } from 'fastify';

const ENTITY_TAG = /(?:W\/)?("[^"]*")/g;

/** Whether the client already has the answer: If-None-Match with weak comparison, RFC 9110 §13.1.2. */
export function isKnown({ method, headers }: FastifyRequest, reply: FastifyReply): boolean {
  const known = headers['if-none-match'];
  if (known === undefined || reply.statusCode !== 200 || !['GET', 'HEAD'].includes(method)) return false;
  const [tag] = opaqueTags(String(reply.getHeader('etag')));
  return known.trim() === '*' || (tag !== undefined && opaqueTags(known).includes(tag));
}

function opaqueTags(header: string): (string | undefined)[] {
  return [...header.matchAll(ENTITY_TAG)].map(([, opaque]) => opaque);
}
