import { z } from 'zod';
import { Prisma } from '../../prisma/generated/client.ts';
import { emailSchema } from '../input.ts';

const MOST_SEARCH_CHARACTERS = 200;

/** Words that an event must have. The last may be the beginning of one: `daily stand` finds `Daily standup`. */
export const searchSchema = z
  .string()
  .trim()
  .max(MOST_SEARCH_CHARACTERS, `must have at most ${MOST_SEARCH_CHARACTERS} characters`)
  .regex(/[\p{L}\p{N}]/u, 'must have a letter or a digit')
  .describe(
    'Words in title, description, place, names and addresses of guests; the last may be the beginning of one',
  );

export const attendeeSchema = emailSchema.describe('Only events with this guest');

/** What events are found by, at least one of the two. */
export interface Search {
  q?: string | undefined;
  attendee?: string | undefined;
}

/**
 * Query for the events of a workspace that a search finds: `calendar_id`, `google_event_id` and
 * `source_event_id`. It costs what it finds, however much the database holds: see `find_events`. The index has
 * the words of addresses; whether a guest has the address is then looked up. In a query of its own, because
 * Postgres would run the function once more to plan.
 */
export function foundEvents(workspaceId: string, { q, attendee }: Search): Prisma.Sql {
  const words = [q, attendee].filter((text) => text !== undefined);
  const query = Prisma.join(
    words.map((text) => Prisma.sql`word_query(${text})`),
    ' && ',
  );
  const invited =
    attendee === undefined
      ? Prisma.empty
      : Prisma.sql`
        where exists (
          select from calendar_events e
          cross join jsonb_path_query(e.resource, '$.attendees[*].email') address
          where e.calendar_id = found.calendar_id and e.google_event_id = found.google_event_id
            and lower(address #>> '{}') = ${attendee})`;
  return Prisma.sql`
    select found.* from unnest((select find_events(${workspaceId}, ${query}))) found ${invited}`;
}
