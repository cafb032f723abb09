import type { components, paths } from '../../api/generated/api-client.ts';

export type { paths };
export type Problem = components['schemas']['Problem'];

type JsonOf<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never;

/** The body that a GET of the path answers with. */
export type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: infer Response } };
}
  ? JsonOf<Response>
  : never;
