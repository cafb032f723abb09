import type { ChildProcess } from 'node:child_process';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { REQUIRED_SCOPES } from '../../services/oauth/scopes.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { consent, type ConsentStack, startConsentStack } from '../support/consent.ts';
import { exitOf, runCli, spawnCli } from '../support/run-cli.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const ADA = 'ada@example.com';

let stack: ConsentStack;
let temporal: TestTemporal;
let env: Record<string, string>;
beforeAll(async () => {
  [stack, temporal] = await Promise.all([startConsentStack(), connectTestTemporal()]);
  const { oauth, database } = stack.context;
  await createWorkspace(database, { id: 'acme', timeZone: 'UTC' });
  env = {
    DATABASE_URL: stack.databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TOKEN_ENCRYPTION_KEY: stack.encryptionKey,
    GOOGLE_API_ROOT_URL: oauth.apiRootUrl,
    GOOGLE_OAUTH_AUTH_URL: oauth.authUrl,
    GOOGLE_OAUTH_TOKEN_URL: oauth.tokenUrl,
    GOOGLE_OAUTH_REVOKE_URL: oauth.revokeUrl,
    GOOGLE_CLIENT_ID: oauth.clientId,
    GOOGLE_CLIENT_SECRET: oauth.clientSecret,
  };
});
afterAll(() => Promise.all([stack.close(), temporal.close()]));
beforeEach(() => stack.google.admin.createUser({ email: ADA }));

interface Running {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  url: string;
  exit: Promise<number | null>;
}

/** Starts the command and waits for the address that it prints. */
async function start(args: string[] = [], more: Record<string, string> = {}): Promise<Running> {
  const command = ['account', 'connect', 'acme', '--no-browser', '--json', ...args];
  const child = await spawnCli(command, tmpdir(), { ...env, ...more });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
      const [found] = /http:\S+(?=\n)/.exec(output.stderr) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error(output.stderr)));
  });
  return { child, output, url, exit: exitOf(child) };
}

const browse = async (url: URL) => {
  const response = await fetch(url);
  return { status: response.status, text: await response.text(), headers: response.headers };
};

describe('account connect', () => {
  it('connects the account that signs in, and has its workspace synced', async () => {
    const { output, url, exit } = await start();
    const redirect = await consent(url, { email: ADA });
    expect(redirect.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { status, text, headers } = await browse(redirect);
    expect({ status, text }).toMatchObject({ status: 200, text: expect.stringContaining('is connected') });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(await exit).toBe(0);
    const result = JSON.parse(output.stdout);
    expect(result).toMatchObject({
      email: ADA,
      status: 'connected',
      sync: { workflowId: 'calendar-sync/acme' },
    });
    const { status: started } = await temporal.client.workflow.getHandle(result.sync.workflowId).describe();
    expect(started.name).toBe('RUNNING');
    expect(output.stdout + output.stderr).not.toMatch(/ya29|1\/\/0/);
  });

  it(
    'says that events cannot be changed where writing is enabled and the user unticks it',
    { tags: ['slow'] },
    async () => {
      const email = 'reader@example.com';
      await stack.google.admin.createUser({ email, scopes: [...REQUIRED_SCOPES] });
      const set = (writing: string) => runCli(['workspace', 'set', 'acme', '--writing', writing], { env });
      expect(await set('on')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Run `almanac account connect acme`'),
      });
      const { output, url, exit } = await start();
      expect(new URL(url).searchParams.get('scope')).toMatch(/auth\/calendar\.events$/);
      await browse(await consent(url, { email, scopes: REQUIRED_SCOPES }));
      expect(await exit).toBe(0);
      expect(JSON.parse(output.stdout)).toMatchObject({ email, status: 'connected', mayWrite: false });
      expect(output.stderr).toContain('`almanac workspace set acme --writing on`');
      const listed = await runCli(['account', 'list', 'acme', '--json'], { env });
      expect(JSON.parse(listed.stdout)).toContainEqual(expect.objectContaining({ email, mayWrite: false }));
      expect(await set('off')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('writing disabled'),
      });
    },
  );

  it('takes the address that a browser on another machine has ended at', async () => {
    const { child, output, url, exit } = await start();
    const { href } = await consent(url, { email: ADA });
    child.stdin!.write(`nonsense\n${href}\n`);
    expect(await exit).toBe(0);
    expect(output.stderr).toContain('This is not an answer from Google’s sign-in.');
    expect(JSON.parse(output.stdout)).toMatchObject({ email: ADA });
  });

  it('waits for the real answer, whatever else comes', async () => {
    const { url, exit } = await start();
    const real = await consent(url, { email: ADA });
    const stray = new URL(real);
    stray.searchParams.set('state', 'forged');
    expect(await browse(stray)).toMatchObject({ status: 400 });
    expect(await browse(new URL('/favicon.ico', real))).toMatchObject({ status: 404 });
    expect(await browse(new URL('?state=<script>', real))).toMatchObject({ status: 400 });
    const rebound = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: 'attacker.example' };
      get(real, { headers }, (response) => resolve(response.resume().statusCode)).once('error', reject);
    });
    expect(rebound).toBe(404);
    expect(await browse(real)).toMatchObject({ status: 200 });
    expect(await exit).toBe(0);
  });

  it('ends with what went wrong where the user says no', async () => {
    const { output, url, exit } = await start();
    expect(await browse(await consent(url, { denied: true }))).toMatchObject({ status: 400 });
    expect(await exit).toBe(1);
    expect(output.stderr).toContain('Access was not granted at Google: nothing was changed.\n');
  });

  it(
    'connects the account where Temporal does not answer, and says that the next tick syncs it',
    { tags: ['slow'] },
    async () => {
      const { output, url, exit } = await start([], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
      await browse(await consent(url, { email: ADA }));
      expect(await exit).toBe(0);
      expect(JSON.parse(output.stdout)).toMatchObject({ status: 'connected', sync: null });
      expect(output.stderr).toContain('The next tick syncs the account.');
    },
  );

  it('names the variable that is missing', async () => {
    const result = await runCli(['account', 'connect', 'acme'], { env: { ...env, GOOGLE_CLIENT_ID: '' } });
    expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(/^GOOGLE_CLIENT_ID must be set/) });
  });

  it('names the workspace that is missing, and prints no address', async () => {
    const result = await runCli(['account', 'connect', 'nobody', '--no-browser'], { env });
    expect(result).toMatchObject({ code: 1, stderr: expect.stringMatching(/^There is no workspace nobody/) });
  });
});

describe('account disconnect', () => {
  it('says what became of the account', async () => {
    const { id } = await stack.connect('acme', ADA);
    const { code, stdout, stderr } = await runCli(['account', 'disconnect', 'acme', ADA, '--json'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ id, revocation: 'revoked', purged: false });
  });

  it('goes on where Google does not answer, and says what to do', async () => {
    await stack.connect('acme', ADA);
    const away = { ...env, GOOGLE_OAUTH_REVOKE_URL: 'http://127.0.0.1:1/revoke' };
    const result = await runCli(['account', 'disconnect', 'acme', ADA, '--purge'], { env: away });
    expect(result).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Account ${ADA} is deleted`),
      stderr: expect.stringContaining('https://myaccount.google.com/connections'),
    });
  });
});
