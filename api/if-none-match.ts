import type { FastifyReply, FastifyRequest } from 'fastify';

const ENTITY_TAG = /(?:W\/)?("[^"]*")/g;

/** Whether who asks has the answer already: RFC 9110 §13.1.2, where tags are compared weakly. */
export function isKnown({ method, headers }: FastifyRequest, reply: FastifyReply): boolean {
  const known = headers['if-none-match'];
  if (known === undefined || reply.statusCode !== 200 || !['GET', 'HEAD'].includes(method)) return false;
  const [tag] = opaqueTags(String(reply.getHeader('etag')));
  return known.trim() === '*' || (tag !== undefined && opaqueTags(known).includes(tag));
}

function opaqueTags(header: string): (string | undefined)[] {
  return [...header.matchAll(ENTITY_TAG)].map(([, opaque]) => opaque);
}
