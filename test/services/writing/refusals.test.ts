import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForbiddenError, InvalidInputError, NotFoundError } from '../../../services/errors.ts';
import { beginWrites } from '../../../services/writing/begin-writes.ts';
import { outcomeError } from '../../../services/writing/outcome-error.ts';
import { readWrites, type WriteOutcome } from '../../../services/writing/read-writes.ts';
import { type ConnectedCalendar, connectCalendar } from '../../support/connected-calendar.ts';
import { expectMirrorEqualsGoogle } from '../../support/mirror.ts';
import { pullAll, runActivity } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

type Write = Parameters<typeof beginWrites>[2][number];

let stack: SyncStack;
let calendar: ConnectedCalendar;
beforeAll(async () => {
  stack = await startSyncStack();
  calendar = await connectCalendar(stack);
  await stack.database.workspace.update({ where: { id: 'acme' }, data: { writing: true } });
  await pullAll(stack, calendar.id);
});
afterAll(() => stack.close());

async function write(...writes: Write[]): Promise<WriteOutcome[]> {
  const batchId = await beginWrites(stack.database, 'acme', writes);
  await runActivity(stack.activities.applyEventWrites, { workspaceId: 'acme', batchId });
  return readWrites(stack.database, 'acme', batchId);
}

const times = { start: '2026-12-01T09:00:00Z', end: '2026-12-01T10:00:00Z' };
const create = (fields: object = {}): Write => ({
  operation: 'create',
  calendarId: calendar.id,
  title: 'Meeting',
  ...times,
  ...fields,
});
const begin = (...writes: unknown[]) => beginWrites(stack.database, 'acme', writes as Write[]);
const requests = async () => (await stack.google.requests()).length;

/** An event that Google holds, as the mirror shows it. */
async function mirrored(fields: Parameters<SyncStack['google']['insertEvent']>[1]): Promise<string> {
  const event = await stack.google.insertEvent(calendar.google, {
    start: { dateTime: times.start },
    end: { dateTime: times.end },
    ...fields,
  });
  await pullAll(stack, calendar.id);
  const where = { googleEventId: event.id, calendarId: calendar.id };
  return (await stack.database.workspaceCalendarEvent.findFirstOrThrow({ where })).id;
}

describe('a write that is malformed', () => {
  it.each<[string, object, string]>([
    ['an end before the start', { end: '2026-12-01T08:00:00Z' }, 'end must be after start'],
    ['an all-day start with a timed end', { start: '2026-12-01' }, 'end must be a date if start is one'],
    ['no start', { start: undefined }, 'start must be given'],
    ['a zone that is none', { timeZone: 'Mars/Olympus' }, 'timeZone must be an IANA time zone'],
    ['a guest without an address', { attendees: [{ email: 'ada' }] }, 'attendees.0.email must be an e-mail'],
    [
      'a line that is no rule',
      { recurrence: ['DTSTART:20261201'] },
      'recurrence.0 must be a line of RFC 5545',
    ],
    ['a colour out of range', { colorId: '12' }, 'colorId must be the number of a colour, 1 to 11'],
    ['an unknown field', { attachments: [] }, 'attachments is unknown here'],
    ['too long a title', { title: 'x'.repeat(1_025) }, 'title must have at most 1024 characters'],
  ])('is refused in one sentence, and nothing is stored: %s', async (_name, fields, sentence) => {
    const before = await stack.database.eventWrite.count();
    const refused = await begin(create(fields)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidInputError);
    expect((refused as Error).message.startsWith(sentence)).toBe(true);
    expect(await stack.database.eventWrite.count()).toBe(before);
  });

  it('names its place in a batch', async () => {
    await expect(begin(create(), create({ end: '2026-11-01T08:00:00Z' }))).rejects.toThrow(
      'writes.1.end must be after',
    );
    await expect(
      begin(create(), { operation: 'delete', eventId: '00000000-0000-4000-8000-000000000000' }),
    ).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe('a write that the mirror knows to be impossible', () => {
  it.each(['reader', 'freeBusyReader'])('is refused before Google is asked, for a %s', async (accessRole) => {
    await stack.database.calendar.update({ where: { id: calendar.id }, data: { accessRole } });
    const before = await requests();
    await expect(begin(create())).rejects.toThrow(`is read-only: the account is its ${accessRole}`);
    expect(await requests()).toBe(before);
    await stack.database.calendar.update({ where: { id: calendar.id }, data: { accessRole: 'owner' } });
  });

  it('is refused for a calendar that is disabled, and one of another workspace', async () => {
    await stack.database.calendar.update({ where: { id: calendar.id }, data: { enabled: false } });
    await expect(begin(create())).rejects.toThrow('is disabled');
    await stack.database.calendar.update({ where: { id: calendar.id }, data: { enabled: true } });
    const other = await connectCalendar(stack, { workspaceId: 'globex' });
    await expect(begin(create({ calendarId: other.id }))).rejects.toBeInstanceOf(NotFoundError);
  });

  it('is refused where the workspace has not enabled writing, and says how', async () => {
    await stack.database.workspace.update({ where: { id: 'acme' }, data: { writing: false } });
    await expect(begin(create())).rejects.toMatchObject({
      code: 'forbidden',
      remedy: { action: 'allow-writing', workspaceId: 'acme' },
    });
    await stack.database.workspace.update({ where: { id: 'acme' }, data: { writing: true } });
  });

  it('is refused where the account has not granted the scope, but not for the calendar of plans', async () => {
    const grant = (scopes: string[]) =>
      stack.database.calendarAuthToken.update({ where: { id: calendar.accountId }, data: { scopes } });
    await grant(['https://www.googleapis.com/auth/calendar.events.readonly']);
    await expect(begin(create())).rejects.toThrow('was connected without the scope to change events');
    await stack.database.calendar.update({ where: { id: calendar.id }, data: { own: true } });
    expect(await begin(create())).toBeTypeOf('string');
    await stack.database.calendar.update({ where: { id: calendar.id }, data: { own: false } });
    await grant(['https://www.googleapis.com/auth/calendar.events']);
    expect(await begin(create())).toBeTypeOf('string');
    await grant([]);
  });

  it.each(['birthday', 'workingLocation'])('is refused for a %s', async (eventType) => {
    const eventId = await mirrored({ summary: 'Special' });
    await stack.database.workspaceCalendarEvent.update({ where: { id: eventId }, data: { eventType } });
    const before = await requests();
    await expect(begin({ operation: 'delete', eventId })).rejects.toBeInstanceOf(ForbiddenError);
    expect(await requests()).toBe(before);
  });
});

describe('a workspace', () => {
  it('may have only so many unfinished writes, and no other is hurt', async () => {
    const busy = await connectCalendar(stack, { workspaceId: 'busy' });
    await stack.database.workspace.update({ where: { id: 'busy' }, data: { writing: true } });
    await stack.database.$executeRaw`
      insert into event_writes (id, workspace_id, batch_id, position, calendar_id, subject, operation)
      select gen_random_uuid(), 'busy', '00000000-0000-4000-8000-00000000e001', n, ${busy.id}::uuid, 'waiting', 'delete'
      from generate_series(1, 2000) n`;
    const refused = beginWrites(stack.database, 'busy', [{ ...create(), calendarId: busy.id } as Write]);
    await expect(refused).rejects.toThrow('has 2000 unfinished writes of at most 2000');
    expect(await begin(create())).toBeTypeOf('string');
  });
});

describe('a write that Google refuses', () => {
  it('is an outcome with a reason, and leaves the mirror as it was', async () => {
    const eventId = await mirrored({ summary: 'Theirs' });
    await stack.google.addFault({
      match: { method: 'PATCH', calendarId: calendar.google },
      times: 1,
      status: 403,
      reason: 'forbiddenForNonOrganizer',
    });
    const [refused] = await write({ operation: 'change', eventId, title: 'Mine' });
    expect(refused).toMatchObject({
      status: 'refused',
      refusal: 'not-organizer',
      reason: 'forbiddenForNonOrganizer',
    });
    expect(outcomeError(refused!)).toBeInstanceOf(ForbiddenError);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('is gone, where a person has deleted the event and the mirror does not know yet', async () => {
    const eventId = await mirrored({ summary: 'Short-lived' });
    const { googleEventId } = await stack.database.workspaceCalendarEvent.findUniqueOrThrow({
      where: { id: eventId },
    });
    await stack.google.deleteEvent(calendar.google, googleEventId);
    for (const operation of ['delete', 'change'] as const) {
      const [refused] = await write(
        operation === 'delete' ? { operation, eventId } : { operation, eventId, title: 'Late' },
      );
      expect(refused).toMatchObject({ status: 'refused', refusal: 'gone' });
      expect(outcomeError(refused!)).toBeInstanceOf(NotFoundError);
    }
  });

  it('does not stop the others of its batch', async () => {
    await stack.google.addFault({
      match: { method: 'POST', calendarId: calendar.google },
      times: 1,
      status: 400,
      reason: 'invalid',
    });
    const outcomes = await write(create({ title: 'Refused' }), create({ title: 'Made' }));
    expect(outcomes).toMatchObject([
      { status: 'refused', refusal: 'rejected', reason: 'invalid' },
      { status: 'done' },
    ]);
  });
});

describe('an answer to an invitation', () => {
  const invited = () =>
    mirrored({
      summary: 'Party',
      organizer: { email: 'boss@example.org' },
      attendees: [
        { email: 'boss@example.org', organizer: true, responseStatus: 'accepted' },
        { email: calendar.google, responseStatus: 'needsAction' },
        { email: 'ada@example.org', responseStatus: 'tentative' },
      ],
    });

  it('is the own one only, and takes effect in the mirror', async () => {
    const eventId = await invited();
    const [answered] = await write({ operation: 'answer', eventId, response: 'declined', comment: 'Away' });
    expect(answered).toMatchObject({ status: 'done', eventId });
    const events = await stack.google.listEvents(calendar.google);
    const event = events.find(({ id }) => id === answered!.googleEventId);
    expect(event!.attendees).toMatchObject([
      { email: 'boss@example.org', responseStatus: 'accepted' },
      { email: calendar.google, responseStatus: 'declined', comment: 'Away' },
      { email: 'ada@example.org', responseStatus: 'tentative' },
    ]);
    const shown = await stack.database.workspaceCalendarEvent.findUniqueOrThrow({ where: { id: eventId } });
    expect(shown.busy).toBe(false);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('is refused where the account is not invited', async () => {
    const eventId = await mirrored({ summary: 'Own' });
    const [refused] = await write({ operation: 'answer', eventId, response: 'accepted' });
    expect(refused).toMatchObject({ status: 'refused', refusal: 'not-invited' });
  });
});
