import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FailureType } from '../../../contracts/failure-types.ts';
import {
  checkSyncFanOutInput,
  checkSyncPartitionInput,
  checkPartitionProgress,
  checkRollInput,
} from '../../../workflows/input/fan-out.ts';
import { checkDeleteWorkspaceInput } from '../../../workflows/input/delete-workspace.ts';
import { checkSyncInput, checkSyncRequest, requireSyncRequest } from '../../../workflows/input/sync.ts';
import { checkAuditInput, checkVerifyInput } from '../../../workflows/input/verification.ts';

const UUID = randomUUID();

const refused = (field: string) =>
  expect.objectContaining({
    type: FailureType.invalidInput,
    nonRetryable: true,
    message: expect.stringMatching(new RegExp(`^${field} must be .+\\.$`)),
  });

describe('the input of a deletion', () => {
  it('may be a workspace, with choices', () => {
    const input = { workspaceId: 'acme', ownCalendars: true, keyId: 'alm_0123456789abcdef' };
    expect(checkDeleteWorkspaceInput(input)).toEqual(input);
  });

  it.each([
    [{ workspaceId: 'ada@example.com' }, 'workspaceId'],
    [{ workspaceId: 'acme', ownCalendars: 'yes' }, 'ownCalendars'],
    [{ workspaceId: 'acme', keyId: 'a key' }, 'keyId'],
  ])('may not be %j: names %s', (input, field) => {
    expect(() => checkDeleteWorkspaceInput(input)).toThrow(refused(field));
  });
});

describe('the input of a sync', () => {
  it.each([
    { workspaceId: 'acme' },
    { workspaceId: 'A_z-9'.padEnd(64, 'x'), source: 'push', correlationId: 'order#1' },
    { workspaceId: 'acme', source: null, correlationId: null, targets: null, resume: null },
    { workspaceId: 'acme', targets: { calendarIds: [], accountIds: [UUID] } },
    { workspaceId: 'acme', resume: { results: [], requests: [{ mode: 'full' }] } },
    { workspaceId: 'acme', calendarIds: [UUID], aFieldOfTheFuture: 1 },
  ])('may be %j', (input) => {
    expect(checkSyncInput(input)).toEqual(input);
  });

  it.each([
    [undefined, 'The workflow input'],
    [null, 'The workflow input'],
    ['acme', 'The workflow input'],
    [['acme'], 'The workflow input'],
    [{}, 'workspaceId'],
    [{ workspaceId: '' }, 'workspaceId'],
    [{ workspaceId: 7 }, 'workspaceId'],
    [{ workspaceId: 'a'.repeat(65) }, 'workspaceId'],
    [{ workspaceId: 'a b' }, 'workspaceId'],
    [{ workspaceId: 'acme\n' }, 'workspaceId'],
    [{ workspaceId: 'ada@example.com' }, 'workspaceId'],
    [{ workspaceId: 'acme', source: 'cron' }, 'source'],
    [{ workspaceId: 'acme', correlationId: '' }, 'correlationId'],
    [{ workspaceId: 'acme', correlationId: 'a b' }, 'correlationId'],
    [{ workspaceId: 'acme', correlationId: 'x'.repeat(129) }, 'correlationId'],
    [{ workspaceId: 'acme', calendarIds: ['1'] }, 'calendarIds'],
    [{ workspaceId: 'acme', targets: [] }, 'targets'],
    [{ workspaceId: 'acme', targets: { calendarIds: ['1'], accountIds: [] } }, 'targets'],
    [{ workspaceId: 'acme', targets: { calendarIds: [UUID] } }, 'targets'],
    [{ workspaceId: 'acme', resume: { results: 5, requests: [] } }, 'resume'],
    [{ workspaceId: 'acme', resume: { results: [], requests: [{ mode: 'half' }] } }, 'resume'],
  ])('may not be %j: names %s', (input, field) => {
    expect(() => checkSyncInput(input)).toThrow(refused(field));
  });
});

describe('the input of a fan-out', () => {
  it.each([
    undefined,
    null,
    {},
    { mode: 'full', source: 'api', all: true, workspaceIds: ['acme', 'beta'] },
    { mode: null, all: null, workspaceIds: null },
  ])('may be %j', (input) => {
    expect(checkSyncFanOutInput(input)).toEqual(input ?? {});
  });

  it.each([
    ['full', 'The workflow input'],
    [[], 'The workflow input'],
    [{ mode: 'half' }, 'mode'],
    [{ all: 'yes' }, 'all'],
    [{ workspaceIds: [] }, 'workspaceIds'],
    [{ workspaceIds: 'acme' }, 'workspaceIds'],
    [{ workspaceIds: ['acme', 'a b'] }, 'workspaceIds'],
    [{ source: 7 }, 'source'],
  ])('may not be %j: names %s', (input, field) => {
    expect(() => checkSyncFanOutInput(input)).toThrow(refused(field));
  });
});

describe('the input of a verification', () => {
  it.each([
    { workspaceId: 'acme' },
    { workspaceId: 'acme', repair: true, calendarIds: [UUID], correlationId: 'c' },
    { workspaceId: 'acme', repair: null, calendarIds: null },
  ])('may be %j', (input) => {
    expect(checkVerifyInput(input)).toEqual(input);
  });

  it.each([
    [undefined, 'The workflow input'],
    [{}, 'workspaceId'],
    [{ workspaceId: 'a b' }, 'workspaceId'],
    [{ workspaceId: 'acme', repair: 'yes' }, 'repair'],
    [{ workspaceId: 'acme', calendarIds: ['work'] }, 'calendarIds'],
    [{ workspaceId: 'acme', resume: {} }, 'resume'],
    [{ workspaceId: 'acme', resume: { calendarIds: [UUID], calendars: 5 } }, 'resume'],
    [{ workspaceId: 'acme', resume: { calendarIds: [UUID], calendars: [], differences: {} } }, 'resume'],
  ])('may not be %j: names %s', (input, field) => {
    expect(() => checkVerifyInput(input)).toThrow(refused(field));
  });
});

describe('the input of an audit', () => {
  it('may leave everything out, or say how many calendars', () => {
    expect(checkAuditInput(undefined)).toEqual({});
    expect(checkAuditInput({ calendars: 1_000 })).toEqual({ calendars: 1_000 });
  });

  it.each([0, 1_001, 1.5, '5'])('may not ask for %j calendars', (calendars) => {
    expect(() => checkAuditInput({ calendars })).toThrow(refused('calendars'));
  });
});

describe('a request', () => {
  it.each([
    { mode: 'full' },
    { mode: 'incremental', calendarIds: [UUID] },
    { mode: 'full', calendarIds: null },
  ])('may be %j', (request) => {
    expect(checkSyncRequest(request)).toEqual(request);
  });

  it.each([
    undefined,
    'full',
    {},
    { mode: 'half' },
    { mode: 'full', calendarIds: [] },
    { mode: 'full', calendarIds: ['1'] },
  ])('that makes no sense is ignored: %j', (request) => {
    expect(checkSyncRequest(request)).toBeNull();
  });
});

describe('an update', () => {
  it.each([
    [7, 'The workflow input'],
    [{ mode: 'half' }, 'mode'],
    [{ mode: 'full', calendarIds: ['1'] }, 'calendarIds'],
    [{ mode: 'full', requestId: '1' }, 'requestId'],
    [{ mode: 'full', isHurried: 'yes' }, 'isHurried'],
  ])('may not be %j: names %s', (request, field) => {
    expect(() => requireSyncRequest(request)).toThrow(refused(field));
  });
});

describe('a report of a partition', () => {
  const totals = { succeeded: 1, failed: 0, skipped: 0, sampleFailures: [] };

  it('is taken as it is', () => {
    const report = { workflowId: 'calendar-sync-partition/tick/0', totals };
    expect(checkPartitionProgress(report)).toBe(report);
  });

  it.each([
    undefined,
    null,
    'done',
    {},
    { workflowId: 'a' },
    { workflowId: 'a', totals: { ...totals, failed: 'no' } },
    { workflowId: 'a', totals: { succeeded: 1 } },
  ])('that makes no sense is ignored: %j', (report) => {
    expect(checkPartitionProgress(report)).toBeNull();
  });
});

it('keeps lists to a thousand', () => {
  const most = Array.from({ length: 1_000 }, () => UUID);
  const tooMany = [...most, UUID];
  expect(checkSyncFanOutInput({ workspaceIds: most })).toEqual({ workspaceIds: most });
  expect(() => checkSyncFanOutInput({ workspaceIds: tooMany })).toThrow(refused('workspaceIds'));
  expect(checkSyncRequest({ mode: 'full', calendarIds: most })).not.toBeNull();
  expect(checkSyncRequest({ mode: 'full', calendarIds: tooMany })).toBeNull();
});

describe('the input of a partition', () => {
  const partition = {
    mode: 'full',
    source: 'schedule',
    correlationId: 'tick-1',
    dueAt: null,
    slice: { range: { after: null, upTo: 'm' } },
  };

  it.each([
    partition,
    { ...partition, dueAt: '2026-01-05T09:00:00.000Z', slice: { workspaceIds: ['acme'] } },
  ])('may be %j', (input) => {
    expect(checkSyncPartitionInput(input)).toEqual(input);
  });

  it.each([
    [{}, 'source'],
    [{ ...partition, mode: 'half' }, 'mode'],
    [{ ...partition, dueAt: 'soon' }, 'dueAt'],
    [{ ...partition, slice: undefined }, 'slice'],
    [{ ...partition, slice: { range: { after: 'a b', upTo: null } } }, 'slice'],
    [{ ...partition, slice: { ...partition.slice, afterwards: { after: 'a b', upTo: null } } }, 'slice'],
    [{ ...partition, slice: { workspaceIds: [] } }, 'slice'],
    [{ ...partition, totals: 5 }, 'totals'],
    [{ ...partition, totals: { succeeded: 'many', sampleFailures: [] } }, 'totals'],
  ])('may not be %j: names %s', (input, field) => {
    expect(() => checkSyncPartitionInput(input)).toThrow(refused(field));
  });
});

describe('the input of the horizon roll', () => {
  it.each([undefined, {}, { resume: { afterCalendarId: UUID, calendars: 3 } }])('may be %j', (input) => {
    expect(checkRollInput(input)).toEqual(input ?? {});
  });

  it.each([[7], [{ resume: { afterCalendarId: 'x' } }], [{ resume: true }]])('may not be %j', (input) => {
    expect(() => checkRollInput(input)).toThrow(/must be/);
  });
});
