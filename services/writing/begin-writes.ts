import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { MAX_UNFINISHED_WRITES } from '../../contracts/limits.ts';
import { RemedyAction } from '../../contracts/remedies.ts';
import { derivedId } from '../derived-id.ts';
import {
  BusyError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  NotInWorkspaceError,
} from '../errors.ts';
import { correlationIdSchema, parseInput } from '../input.ts';
import { toJsonb } from '../mirror/to-jsonb.ts';
import { mayWrite } from '../oauth/scopes.ts';
import { readWriting, requireActiveWorkspace } from '../workspaces.ts';
import { type Write, writeSchema, writesSchema } from './event-input.ts';
import { ownEventIdOf } from './steps.ts';
import { findTargets, type FoundTarget } from './targets.ts';

interface WritableCalendarRow {
  id: string;
  accountId: string;
  accessRole: string;
  enabled: boolean;
  status: string;
  /** Created by Almanac, which may write to it with its smallest scope. */
  own: boolean;
  isConnected: boolean;
  /** Scopes of its account. Empty: unknown, so Google decides. */
  scopes: string[];
}

interface BeginOptions {
  /** Identifies the request, so that a repeated one begins nothing new. Default: it is new. */
  requestId?: string | undefined;
  correlationId?: string | undefined;
}

/** Special types that people do not edit as events: Google makes them from contacts, mails and settings. */
const NOT_WRITTEN: Record<string, string> = {
  birthday: 'a birthday, which Google takes from contacts',
  workingLocation: 'a working location, which only its owner sets',
  fromGmail: 'from Gmail, which Google keeps in step with the mail',
};

/**
 * Checks and stores writes, which a run of `writeEvent` then makes. What the mirror already knows to be
 * impossible is refused here, before Google is asked, and then nothing is stored.
 * @returns ID of the batch
 * @throws InvalidInputError, NotFoundError or ForbiddenError, naming the write and the field.
 */
export async function beginWrites(
  database: Database,
  workspaceId: string,
  input: z.input<typeof writesSchema>,
  { requestId, correlationId }: BeginOptions = {},
): Promise<string> {
  const writes = parseWrites(input);
  const { id: workspace, timeZone } = await requireActiveWorkspace(database, workspaceId);
  if (!(await readWriting(database, workspace)))
    throw new ForbiddenError(`Workspace ${workspace} has not enabled writing.`, {
      remedy: { action: RemedyAction.allowWriting, workspaceId: workspace },
    });
  const batchId = requestId === undefined ? randomUUID() : derivedId(workspace, requestId);
  // What it is about may be gone or otherwise by now, because of the very write.
  if (requestId !== undefined && (await isBegun(database, workspace, batchId))) return batchId;
  const correlation = correlationId === undefined ? null : parseInput(correlationIdSchema, correlationId);
  const targets = await findTargets(database, workspace, writes.flatMap(eventIdOf));
  const calendars = await findCalendars(database, workspace, writes, targets);
  const rows = writes.map((write, position) => {
    const name = (field: string) => (writes.length === 1 ? field : `writes.${position}.${field}`);
    const target = write.operation === 'create' ? null : requireTarget(workspace, targets, write, name);
    const calendarId = target?.calendarId ?? (write as { calendarId: string }).calendarId;
    const calendar = requireWritable(workspace, calendars, calendarId, name);
    if (write.operation === 'change') checkMove(workspace, calendars, calendar, write, target, name);
    const id = derivedId(batchId, position);
    const { eventId: _eventId, eventType: _eventType, calendarId: _calendarId, ...stored } = target ?? {};
    return {
      id,
      position,
      calendar: calendarId,
      subject: target?.seriesId ?? target?.googleEventId ?? ownEventIdOf(id),
      operation: write.operation,
      request: { write, target: target === null ? null : stored, timeZone },
    };
  });
  await requireRoomFor(database, workspace, writes.length);
  await database.$executeRaw`
    insert into event_writes (id, workspace_id, batch_id, position, calendar_id, subject, operation, request, correlation_id)
    select id, ${workspace}, ${batchId}::uuid, position, calendar, subject, operation, request, ${correlation}
    from jsonb_to_recordset(${toJsonb(rows)}::jsonb) as r(
      id uuid, position int, calendar uuid, subject text, operation text, request jsonb)
    order by position
    on conflict do nothing`;
  return batchId;
}

async function isBegun(database: Database, workspaceId: string, batchId: string): Promise<boolean> {
  const rows = await database.$queryRaw<unknown[]>`
    select from event_writes where batch_id = ${batchId}::uuid and workspace_id = ${workspaceId} limit 1`;
  return rows.length > 0;
}

/** A single write names its fields as they are, a batch also their place. */
function parseWrites(input: z.input<typeof writesSchema>): Write[] {
  const [only, ...others] = Array.isArray(input) ? input : [];
  if (only !== undefined && others.length === 0) return [parseInput(writeSchema, only, 'write')];
  return parseInput(z.object({ writes: writesSchema }), { writes: input }).writes;
}

/** Bounds what one workspace may have waiting. Requests at the same instant may exceed it by a little. */
async function requireRoomFor(database: Database, workspaceId: string, added: number): Promise<void> {
  const [row] = await database.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from event_writes
    where workspace_id = ${workspaceId} and status in ('pending', 'sent')`;
  const count = row?.count ?? 0;
  if (count + added > MAX_UNFINISHED_WRITES)
    throw new BusyError(
      `Workspace ${workspaceId} has ${count} unfinished writes of at most ${MAX_UNFINISHED_WRITES}: try again when some have finished.`,
    );
}

const eventIdOf = (write: Write) => (write.operation === 'create' ? [] : [write.eventId]);

type NameOf = (field: string) => string;

function requireTarget(
  workspaceId: string,
  targets: ReadonlyMap<string, FoundTarget>,
  { eventId }: Exclude<Write, { operation: 'create' }>,
  name: NameOf,
): FoundTarget {
  const target = targets.get(eventId);
  if (target === undefined) throw new NotFoundError(`Workspace ${workspaceId} has no event ${eventId}.`);
  const special = NOT_WRITTEN[target.eventType];
  if (special !== undefined)
    throw new ForbiddenError(`${name('event')} is ${special}: it cannot be written here.`);
  return target;
}

async function findCalendars(
  database: Database,
  workspaceId: string,
  writes: readonly Write[],
  targets: ReadonlyMap<string, FoundTarget>,
): Promise<Map<string, WritableCalendarRow>> {
  const ids = [
    ...writes.flatMap((write) => ('calendarId' in write && write.calendarId ? [write.calendarId] : [])),
    ...[...targets.values()].map(({ calendarId }) => calendarId),
  ];
  const rows = await database.$queryRaw<WritableCalendarRow[]>`
    select c.id::text as id, c.account_id::text as "accountId", c.access_role as "accessRole", c.enabled, c.status,
      c.own, a.status = 'connected' as "isConnected", a.scopes
    from calendars c join calendar_auth_tokens a on a.id = c.account_id
    where c.workspace_id = ${workspaceId} and c.id = any(${[...new Set(ids)]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

function requireWritable(
  workspaceId: string,
  calendars: ReadonlyMap<string, WritableCalendarRow>,
  calendarId: string,
  name: NameOf,
): WritableCalendarRow {
  const calendar = calendars.get(calendarId);
  if (calendar === undefined || calendar.status === 'removed')
    throw new NotInWorkspaceError(workspaceId, 'calendar', calendarId);
  if (!calendar.isConnected)
    throw new ForbiddenError(`The account of ${name('calendar')} ${calendarId} has to be connected again.`, {
      remedy: { action: RemedyAction.connectAccount, workspaceId },
    });
  if (!calendar.enabled)
    throw new ForbiddenError(`${name('calendar')} ${calendarId} is disabled, so its events are not read.`, {
      remedy: { action: RemedyAction.enableCalendar, workspaceId, calendarId },
    });
  if (!['owner', 'writer'].includes(calendar.accessRole))
    throw new ForbiddenError(
      `${name('calendar')} ${calendarId} is read-only: the account is its ${calendar.accessRole}, and must be writer or owner.`,
    );
  if (!calendar.own && calendar.scopes.length > 0 && !mayWrite(calendar.scopes))
    throw new ForbiddenError(
      `The account of ${name('calendar')} ${calendarId} was connected without the scope to change events.`,
      { remedy: { action: RemedyAction.allowWriting, workspaceId } },
    );
  return calendar;
}

/** An event moves within its account, and a series as a whole. */
function checkMove(
  workspaceId: string,
  calendars: ReadonlyMap<string, WritableCalendarRow>,
  { id, accountId }: WritableCalendarRow,
  { calendarId, series }: Extract<Write, { operation: 'change' }>,
  target: FoundTarget | null,
  name: NameOf,
): void {
  if (calendarId === undefined || calendarId === id) return;
  const destination = requireWritable(workspaceId, calendars, calendarId, name);
  if (destination.accountId !== accountId)
    throw new InvalidInputError(name('calendarId'), 'must be a calendar of the same account');
  if (target?.seriesId != null && series !== 'all')
    throw new InvalidInputError(name('series'), 'must be all when a series moves to another calendar');
}
