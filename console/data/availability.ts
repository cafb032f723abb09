import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import type { paths } from './types.ts';

type Route = paths['/api/v1/availability']['post'];
export type Availability = Route['responses'][200]['content']['application/json'];
export type Slot = NonNullable<Availability['slots']>[number];
export type Preference = Slot['reason']['code'];

export interface AvailabilityQuestion {
  workspaceIds: string[];
  /** Dates in the time zone. */
  from: string;
  to: string;
  timeZone: string;
  durationMinutes: number;
  prefer: Preference;
  onlyInHours: boolean;
}

const REFRESH_MS = 10_000;
const MOST_SLOTS = 40;

/** Who is busy when, and when all can meet. Blocks that may move are free, and named. */
export const availabilityOf = (question: AvailabilityQuestion) =>
  queryOptions({
    queryKey: ['availability', question],
    enabled: question.workspaceIds.length > 0,
    refetchInterval: ({ state }) => (state.error === null ? REFRESH_MS : false),
    placeholderData: keepPreviousData,
    queryFn: () => {
      const { workspaceIds, from, to, timeZone, durationMinutes, prefer, onlyInHours } = question;
      return unwrap(
        api.POST('/api/v1/availability', {
          body: {
            workspaceIds,
            windows: [{ from, to }],
            timeZone,
            movable: 'ask',
            slots: {
              durationMinutes,
              hours: onlyInHours ? 'work' : 'any',
              prefer: [prefer],
              most: MOST_SLOTS,
              overlapping: false,
            },
          },
        }),
      );
    },
  });
