import { z } from 'zod';
import { hour } from '../../support/emulator/start.ts';
import { answer, at, type Case, GUIDES, insert, syncTokenOf, token } from './case.ts';
import { DOCUMENTED_PAGES } from './documented.ts';
import { answerOf } from './target.ts';

export const SYNC_CASES: Case[] = [
  {
    name: 'the last page of a listing has a sync token and no page token',
    source: `${GUIDES}/sync`,
    ask: async ({ api, calendarId }) => answerOf(api.events.list({ calendarId, maxResults: 2500 })),
    expected: answer(200, z.looseObject({ nextSyncToken: token, nextPageToken: z.undefined().optional() })),
    documented: DOCUMENTED_PAGES.last,
  },
  {
    name: 'a page before the last has a page token and no sync token',
    source: `${GUIDES}/sync`,
    async ask(target) {
      for (const day of ['02-01', '02-02']) await insert(target, hour(at(day)));
      return answerOf(target.api.events.list({ calendarId: target.calendarId, maxResults: 1 }));
    },
    expected: answer(200, z.looseObject({ nextPageToken: token, nextSyncToken: z.undefined().optional() })),
    documented: DOCUMENTED_PAGES.other,
  },
  {
    name: 'an increment has the events that were deleted, cancelled',
    source: `${GUIDES}/sync`,
    async ask(target) {
      const { api, calendarId } = target;
      const eventId = await insert(target, hour(at('03-01')));
      const syncToken = await syncTokenOf(target);
      await api.events.delete({ calendarId, eventId });
      return answerOf(api.events.list({ calendarId, syncToken }));
    },
    expected: answer(
      200,
      z.looseObject({
        items: z.tuple([z.looseObject({ id: token, status: z.literal('cancelled') })]),
        nextSyncToken: token,
      }),
    ),
  },
  {
    name: 'a sync token together with a restriction is a bad request',
    source: `${GUIDES}/sync`,
    async ask(target) {
      const { api, calendarId } = target;
      return answerOf(
        api.events.list({ calendarId, syncToken: await syncTokenOf(target), timeMin: at('01-01') }),
      );
    },
    expected: answer(400, z.object({ error: z.looseObject({ code: z.literal(400), message: token }) })),
  },
];
