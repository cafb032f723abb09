import { z } from 'zod';
import { hour } from '../../support/emulator/start.ts';
import { answer, at, type Case, GUIDES, insert, newId, syncTokenOf } from './case.ts';
import { DOCUMENTED_ERRORS } from './documented.ts';
import { type Answer, answerOf } from './target.ts';

/** The envelope of an error, with exactly what the page prints. */
function errorLike({ status, body }: Answer): z.ZodType {
  const [detail] = (body as { error: { errors: Record<string, string>[] } }).error.errors;
  const { message, ...rest } = detail ?? {};
  const literals = Object.entries(rest).map(([field, value]) => [field, z.literal(value)]);
  const error = z.looseObject({ message: z.string(), ...Object.fromEntries(literals) });
  const envelope = {
    errors: z.array(error).min(1),
    code: z.literal(status),
    message: z.literal(message ?? ''),
  };
  return answer(status, z.object({ error: z.looseObject(envelope) }));
}

function refused(
  reason: keyof typeof DOCUMENTED_ERRORS,
  name: string,
  ask: Case['ask'],
  emulatorOnly = false,
): Case {
  const documented = DOCUMENTED_ERRORS[reason];
  return { name, source: `${GUIDES}/errors`, ask, expected: errorLike(documented), documented, emulatorOnly };
}

export const ERROR_CASES: Case[] = [
  refused('timeRangeEmpty', 'a range that ends before it begins', ({ api, calendarId }) =>
    answerOf(api.events.list({ calendarId, timeMin: at('02-02'), timeMax: at('02-01') })),
  ),
  refused('authError', 'an access token that is invalid', ({ stranger, calendarId }) =>
    answerOf(stranger.events.list({ calendarId })),
  ),
  refused('notFound', 'an event that never existed', ({ api, calendarId }) =>
    answerOf(api.events.get({ calendarId, eventId: newId() })),
  ),
  refused('duplicate', 'an event whose ID is taken', async (target) => {
    const { api, calendarId } = target;
    const requestBody = hour(at('04-01'), { id: newId() });
    await insert(target, requestBody);
    return answerOf(api.events.insert({ calendarId, requestBody }));
  }),
  refused('deleted', 'a second deletion of an event', async (target) => {
    const { api, calendarId } = target;
    const eventId = await insert(target, hour(at('04-02')));
    await api.events.delete({ calendarId, eventId });
    return answerOf(api.events.delete({ calendarId, eventId }));
  }),
  refused('conditionNotMet', 'a change of another version', async (target) => {
    const { api, calendarId } = target;
    const eventId = await insert(target, hour(at('04-03')));
    const change = { calendarId, eventId, requestBody: { summary: 'Changed' } };
    return answerOf(api.events.patch(change, { headers: { 'If-Match': '"0000000000000000"' } }));
  }),
  refused('updatedMinTooLongAgo', 'changes since a time that is too long ago', ({ api, calendarId }) =>
    answerOf(api.events.list({ calendarId, updatedMin: '2010-01-01T00:00:00Z' })),
  ),
  refused(
    'fullSyncRequired',
    'a sync token that has expired',
    async (target) => {
      const { api, calendarId, admin } = target;
      const syncToken = await syncTokenOf(target);
      await admin?.expireSyncTokens(calendarId);
      return answerOf(api.events.list({ calendarId, syncToken }));
    },
    true,
  ),
  refused(
    'userRateLimitExceeded',
    'a user over the quota',
    async ({ api, calendarId, admin }) => {
      await admin?.setQuota({ perUserPerMinute: 0, status: 403 });
      const refusal = await answerOf(api.events.list({ calendarId }));
      await admin?.setQuota({ status: 403 });
      return refusal;
    },
    true,
  ),
];
