import { afterAll, beforeAll, expect, it } from 'vitest';
import { AlreadyExistsError, InvalidInputError, NotFoundError } from '../../services/errors.ts';
import { createWorkspace, listWorkspaces, requireWorkspace } from '../../services/workspaces.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

let fixture: ClientFixture;
beforeAll(async () => {
  fixture = await createClientFixture();
});
afterAll(() => fixture.drop());

it('creates a workspace once', async () => {
  const created = await createWorkspace(fixture.prisma, { id: 'acme', timeZone: 'Europe/Berlin' });
  expect(created).toMatchObject({ id: 'acme', timeZone: 'Europe/Berlin', accounts: 0, calendars: 0 });
  await expect(createWorkspace(fixture.prisma, { id: 'acme', timeZone: 'UTC' })).rejects.toThrow(
    AlreadyExistsError,
  );
  await expect(requireWorkspace(fixture.prisma, 'acme')).resolves.toEqual({
    id: 'acme',
    timeZone: 'Europe/Berlin',
    status: 'active',
  });
});

it('creates nothing from bad input', async () => {
  await expect(createWorkspace(fixture.prisma, { id: 'not/one', timeZone: 'UTC' })).rejects.toThrow(
    InvalidInputError,
  );
  await expect(createWorkspace(fixture.prisma, { id: 'mars', timeZone: 'Mars/Olympus' })).rejects.toThrow(
    'timeZone must be an IANA time zone',
  );
  expect(await fixture.prisma.workspace.count({ where: { id: { in: ['not/one', 'mars'] } } })).toBe(0);
});

it('lists workspaces with what they have, without calendars that Google has removed', async () => {
  const { accountId } = await fixture.connect('busy');
  await fixture.addCalendar('busy', accountId);
  await fixture.addCalendar('busy', accountId, { status: 'removed' });
  const busy = (await listWorkspaces(fixture.prisma)).find(({ id }) => id === 'busy');
  expect(busy).toMatchObject({ accounts: 1, calendars: 1 });
});

it('says how to make a workspace that is not there', async () => {
  const missing = requireWorkspace(fixture.prisma, 'nobody');
  await expect(missing).rejects.toThrow(NotFoundError);
  await expect(missing).rejects.toMatchObject({
    code: 'workspace-not-found',
    remedy: { action: 'find-workspace', workspaceId: 'nobody' },
  });
});
