import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createApiKey,
  createAuthenticator,
  listApiKeys,
  revokeApiKey,
} from '../../services/keys/api-keys.ts';
import { runCli } from '../support/run-cli.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

const NOON = new Date('2026-03-02T12:00:00Z');
const MINUTE_MS = 60_000;
const SECRET = 'environment-secret-of-32-or-more-characters';

let fixture: ClientFixture;
let clock = NOON;
const context = () => ({ database: fixture.prisma, now: () => clock });
const findCaller = (token: string) => createAuthenticator({ ...context(), adminSecret: SECRET })(token);
const later = (ms: number) => (clock = new Date(clock.getTime() + ms));

beforeAll(async () => {
  fixture = await createClientFixture();
  await fixture.connect('acme');
});
afterAll(() => fixture.drop());

describe('an API key', () => {
  it('stands for its workspace', async () => {
    const { id, key } = await createApiKey(context(), { name: 'shop', workspaceId: 'acme' });
    expect(await findCaller(key)).toEqual({
      keyId: id,
      scope: { workspaceId: 'acme' },
      readOnly: false,
    });
  });

  it('stands for an admin where it has no workspace', async () => {
    const { id, key } = await createApiKey(context(), { name: 'operator' });
    expect(await findCaller(key)).toEqual({ keyId: id, scope: 'admin', readOnly: false });
  });

  it('is not stored', async () => {
    const { key } = await createApiKey(context(), { name: 'hidden', workspaceId: 'acme' });
    const secret = key.slice('alm_'.length + 16 + 1);
    const [row] = await fixture.prisma.$queryRaw<{ stored: string }[]>`
      select string_agg(k::text, ' ') as stored from api_keys k`;
    const stored = row?.stored ?? '';
    expect(stored).toContain('hidden');
    expect(secret).toHaveLength(43);
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
  });

  it('takes its own secret and no other', async () => {
    const [one, two] = await Promise.all([
      createApiKey(context(), { name: 'one' }),
      createApiKey(context(), { name: 'two' }),
    ]);
    const secretOfTwo = two.key.slice(two.id.length + 1);
    expect(await findCaller(`${one.id}_${secretOfTwo}`)).toBeNull();
    expect(await findCaller(one.key.slice(0, -1))).toBeNull();
    expect(await findCaller(`${one.key}x`)).toBeNull();
  });

  it('expires', async () => {
    const expiresAt = new Date(clock.getTime() + MINUTE_MS);
    const { id, key } = await createApiKey(context(), { name: 'short', expiresAt });
    expect(await findCaller(key)).not.toBeNull();
    later(MINUTE_MS);
    expect(await findCaller(key)).toBeNull();
    expect((await listApiKeys(context())).find((each) => each.id === id)?.status).toBe('expired');
  });

  it('is good for nothing once it is revoked, by its ID or as a whole', async () => {
    const [one, two] = await Promise.all([
      createApiKey(context(), { name: 'one' }),
      createApiKey(context(), { name: 'two' }),
    ]);
    expect(await revokeApiKey(context(), one.id)).toEqual({ id: one.id });
    expect(await revokeApiKey(context(), two.key)).toEqual({ id: two.id });
    expect(await findCaller(one.key)).toBeNull();
    expect(await findCaller(two.key)).toBeNull();
    await expect(revokeApiKey(context(), one.id)).resolves.toEqual({ id: one.id });
    await expect(revokeApiKey(context(), 'alm_0123456789abcdef')).rejects.toThrow('There is no key');
  });

  it('remembers its last use to the minute, without a write for each request', async () => {
    const { id, key } = await createApiKey(context(), { name: 'busy' });
    const lastUse = async () =>
      (await fixture.prisma.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt?.toISOString();
    await findCaller(key);
    const first = clock.toISOString();
    later(MINUTE_MS - 1);
    await findCaller(key);
    expect(await lastUse()).toBe(first);
    later(1);
    await findCaller(key);
    expect(await lastUse()).toBe(clock.toISOString());
  });

  it('is made for workspaces that exist and times that are to come', async () => {
    await expect(createApiKey(context(), { name: 'x', workspaceId: 'nobody' })).rejects.toThrow(
      'There is no workspace nobody',
    );
    await expect(createApiKey(context(), { name: 'x', expiresAt: clock })).rejects.toThrow('in the future');
    await expect(createApiKey(context(), { name: ' ' })).rejects.toThrow('name must not be empty');
  });
});

describe('the secret of the environment', () => {
  it('is an admin', async () => {
    expect(await findCaller(SECRET)).toEqual({ keyId: 'environment', scope: 'admin', readOnly: false });
  });

  it('is nothing where none is set', async () => {
    const withoutSecret = createAuthenticator({ ...context(), adminSecret: undefined });
    expect(await withoutSecret('')).toBeNull();
    expect(await withoutSecret('undefined')).toBeNull();
    expect(await findCaller('')).toBeNull();
  });
});

describe('almanac key', () => {
  const run = (...args: string[]) => runCli(['key', ...args], { env: { DATABASE_URL: fixture.url } });

  it('makes a key that it shows once, and revokes it', async () => {
    const created = await run('create', '--name', 'cli', '--workspace', 'acme', '--json');
    const { id, key } = JSON.parse(created.stdout) as { id: string; key: string };
    expect(await findCaller(key)).toMatchObject({ scope: { workspaceId: 'acme' } });

    const listed = await run('list', '--workspace', 'acme', '--json');
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).not.toContain(key);

    expect(await run('revoke', id)).toMatchObject({ code: 0, stdout: `Key ${id} is revoked.\n` });
    expect(await findCaller(key)).toBeNull();
  });

  it.each([[[]], [['--admin', '--workspace', 'acme']]])('wants to know for whom: %j', async (scope) => {
    const { code, stderr } = await run('create', '--name', 'x', ...scope);
    expect(code).toBe(2);
    expect(stderr).toContain('--admin must be given, and not both');
  });
});
