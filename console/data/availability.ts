import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import type { Answer, paths } from './types.ts';

type Route = paths['/api/v1/availability']['post'];
export type Availability = Route['responses'][200]['content']['application/json'];
/** The body of the question, as the API takes it. */
export type AvailabilityQuestion = Route['requestBody']['content']['application/json'];
export type Slot = NonNullable<Availability['slots']>[number];
export type Preference = Slot['reason']['code'];
export type Permit = Answer<'/api/v1/workspaces/{workspaceId}/availability-permits'>[number];

export interface AskedAvailability {
  question: AvailabilityQuestion;
  /** Greatest age of the proof, in seconds; what is older is synced first. Null: any. */
  maxAge: number | null;
}

const REFRESH_MS = 10_000;
const MOST_PERMITS = 1_000;

/** Who is busy when, and when all can meet. */
export const availabilityOf = ({ question, maxAge }: AskedAvailability) =>
  queryOptions({
    queryKey: ['availability', question, maxAge],
    enabled: question.workspaceIds.length > 0,
    // A question with a greatest age may sync calendars: it is asked again only on request.
    refetchInterval: ({ state }) => (state.error === null && maxAge === null ? REFRESH_MS : false),
    placeholderData: keepPreviousData,
    queryFn: () =>
      unwrap(
        api.POST('/api/v1/availability', {
          body: question,
          ...(maxAge !== null && { params: { query: { maxAge } } }),
        }),
      ),
  });

/** Workspaces that may read the busy times of one. */
export const permitsOf = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'permits'],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/availability-permits', {
          params: { path: { workspaceId }, query: { limit: MOST_PERMITS } },
        }),
      ),
  });

export function permitCalls(workspaceId: string) {
  const path = '/api/v1/workspaces/{workspaceId}/availability-permits/{readerId}' as const;
  const of = (readerId: string) => ({ params: { path: { workspaceId, readerId } } });
  return {
    add: (readerId: string) => unwrap(api.PUT(path, of(readerId))),
    remove: (readerId: string) => unwrap(api.DELETE(path, of(readerId))),
  };
}
