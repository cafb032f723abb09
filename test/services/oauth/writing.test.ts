import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mayWrite, REQUIRED_SCOPES, WRITE_SCOPES } from '../../../services/oauth/scopes.ts';
import { changeWorkspace, createWorkspace } from '../../../services/workspaces.ts';
import { consent, type ConsentStack, startConsentStack } from '../../support/consent.ts';

const CALENDAR = 'https://www.googleapis.com/auth/calendar';
const WRITES = `${CALENDAR}.events`;

let stack: ConsentStack;
let users = 0;
let email: string;
beforeAll(async () => {
  stack = await startConsentStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  users += 1;
  email = `user-${users}@example.com`;
  await stack.google.admin.createUser({ email, scopes: [...REQUIRED_SCOPES] });
});

const database = () => stack.context.database;
const scopesOf = async (id: string) =>
  (await database().calendarAuthToken.findUniqueOrThrow({ where: { id } })).scopes.toSorted();
const allow = (workspaceId: string, writing = true) => changeWorkspace(database(), workspaceId, { writing });

/** The parameters of the address at which the user consents. */
async function asked(workspaceId: string): Promise<URLSearchParams> {
  return new URL(await stack.begin(workspaceId)).searchParams;
}

async function connect(workspaceId: string, scopes?: readonly string[]) {
  const redirect = await consent(await stack.begin(workspaceId), { email, ...(scopes && { scopes }) });
  return stack.complete(redirect);
}

describe('the scope to change events', () => {
  it('is asked for once the workspace enables writing, and keeps what was granted before', async () => {
    const before = await asked('writes');
    expect(before.get('scope')?.split(' ')).toEqual([...REQUIRED_SCOPES]);
    expect(before.has('include_granted_scopes')).toBe(false);

    await allow('writes');
    const after = await asked('writes');
    expect(after.get('scope')?.split(' ')).toEqual([...REQUIRED_SCOPES, WRITES]);
    expect(after.get('include_granted_scopes')).toBe('true');

    await allow('writes', false);
    expect((await asked('writes')).get('scope')?.split(' ')).toEqual([...REQUIRED_SCOPES]);
  });

  it('is granted to an account that is connected again', async () => {
    const reader = await connect('grows');
    expect(reader.mayWrite).toBe(false);
    await allow('grows');
    const writer = await connect('grows');
    expect(writer).toMatchObject({ id: reader.id, status: 'connected', mayWrite: true });
    expect(await scopesOf(writer.id)).toEqual([...REQUIRED_SCOPES, WRITES].toSorted());
  });

  it('may be unticked: the account is connected for reading', async () => {
    await createWorkspace(database(), { id: 'unticked', timeZone: 'UTC', writing: true });
    const account = await connect('unticked', REQUIRED_SCOPES);
    expect(account).toMatchObject({ status: 'connected', mayWrite: false });
    expect(await scopesOf(account.id)).toEqual(REQUIRED_SCOPES.toSorted());
  });

  it('lasts when the user unticks it later, as Google keeps it', async () => {
    await createWorkspace(database(), { id: 'kept', timeZone: 'UTC', writing: true });
    await connect('kept');
    expect(await connect('kept', REQUIRED_SCOPES)).toMatchObject({ mayWrite: true });
  });

  it('is given back by connecting again once writing is disabled', async () => {
    await createWorkspace(database(), { id: 'back', timeZone: 'UTC', writing: true });
    await connect('back');
    await allow('back', false);
    expect(await connect('back')).toMatchObject({ mayWrite: false });
  });
});

describe('a grant', () => {
  it.each(WRITE_SCOPES)('with %s may write', (scope) => {
    expect(mayWrite([...REQUIRED_SCOPES, scope])).toBe(true);
  });

  it('may not write with scopes to read, nor with one for calendars of our own', () => {
    expect(mayWrite(REQUIRED_SCOPES)).toBe(false);
    expect(mayWrite([`${CALENDAR}.readonly`, `${CALENDAR}.events.readonly`])).toBe(false);
    expect(mayWrite([])).toBe(false);
  });
});
