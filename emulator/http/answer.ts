import type { FastifyReply, FastifyRequest } from 'fastify';
import { applyFieldsMask, parseFieldsMask } from './fields-mask.ts';
import { stringsOf } from './request-parts.ts';

const JSON_TYPE = 'application/json; charset=UTF-8';

/** Sends a resource as JSON, reduced to the `fields` parameter. */
export function answer(request: FastifyRequest, reply: FastifyReply, body: unknown): FastifyReply {
  const { fields } = stringsOf(request.query);
  const masked = fields ? applyFieldsMask(body, parseFieldsMask(fields)) : body;
  return answerText(reply, JSON.stringify(masked));
}

/** Sends text that is already JSON. */
export function answerText(reply: FastifyReply, json: string): FastifyReply {
  return reply.type(JSON_TYPE).send(json);
}
