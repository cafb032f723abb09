import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { startTestEmulator } from '../support/emulator.ts';
import { runCli } from '../support/run-cli.ts';

/** Nothing listens there. */
const NOWHERE = '127.0.0.1:1';
/** Size of the file with all commands and the argument parser, which is loaded first, and of what it shares. */
const PARSER_BYTES = 250_000;
/** Prints the URL of every file that the process loads. */
const LOADER = `export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  if (found.url.startsWith('file:')) require('node:fs').writeSync(2, 'loaded ' + found.url + '\\n');
  return found;
}`.replace("require('node:fs')", "(await import('node:fs'))");
const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const TRACE_LOADS = `--import=${dataUrl(`import { register } from 'node:module'; register(${JSON.stringify(dataUrl(LOADER))});`)}`;

let fixture: ClientFixture;
let env: Record<string, string>;
beforeAll(async () => {
  fixture = await createClientFixture();
  env = { DATABASE_URL: fixture.url, TOKEN_ENCRYPTION_KEY: fixture.encryptionKey };
  await fixture.connect('acme');
});
afterAll(() => fixture.drop());

describe('help', () => {
  it('names every command and loads nothing but the argument parser', async () => {
    const { code, stdout, stderr } = await runCli(['--help'], { env: { NODE_OPTIONS: TRACE_LOADS } });
    expect(code).toBe(0);
    for (const command of ['dev', 'worker', 'migrate', 'doctor', 'emulator', 'workspace', 'account']) {
      expect(stdout).toContain(`\n  ${command} `);
    }
    for (const command of ['calendar', 'sync', 'status', 'events', 'dead-letter', 'schedules']) {
      expect(stdout).toContain(`\n  ${command} `);
    }
    const loaded = new Set([...stderr.matchAll(/^loaded (.*)$/gm)].map(([, url]) => fileURLToPath(url!)));
    expect([...loaded].filter((file) => file.includes('node_modules'))).toEqual([]);
    const bytes = [...loaded].reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(PARSER_BYTES);
  });
});

describe('a usage error exits with 2, in one sentence, and changes nothing:', () => {
  const WORKSPACE = ['workspace', 'create'];
  const ACCOUNT = ['account', 'add', 'acme', '--email'];
  const EVENTS = ['events', 'acme', '--from', '2026-01-05', '--to'];
  const THIS_FILE = fileURLToPath(import.meta.url);

  it.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['status', '--frob'], "unknown option '--frob'"],
    [
      [...WORKSPACE, 'a/b', '--time-zone', 'UTC'],
      'id must be 1 to 64 letters, digits, hyphens or underscores.',
    ],
    [[...WORKSPACE, 'mars', '--time-zone', 'Mars/Olympus'], 'time-zone must be an IANA time zone'],
    [[...WORKSPACE, 'mars'], "required option '--time-zone <zone>' not specified"],
    [[...ACCOUNT, 'nobody', '--refresh-token', 'grant'], 'email must be an e-mail address.'],
    [[...ACCOUNT, 'ada@example.com', '--refresh-token', ''], 'refresh-token must be given'],
    [[...ACCOUNT, 'ada@example.com'], 'refresh-token must be given'],
    [['calendar', 'disable', 'primary'], 'calendar must be a calendar UUID'],
    [['calendar', 'busy', 'primary', '--on'], 'calendar must be a calendar UUID'],
    [['calendar', 'busy', randomUUID()], 'option must be one of --on, --off and --default.'],
    [['calendar', 'busy', randomUUID(), '--on', '--off'], 'cannot be used with option'],
    [[...EVENTS, 'soon'], 'to must be an instant like 2026-01-05T09:00:00Z or a date like 2026-01-05.'],
    [[...EVENTS, '2026-01-05'], 'to must be later than from.'],
    [['sync'], 'workspace must be one or more IDs, or --all without any.'],
    [['sync', 'acme', '--all'], 'workspace must be one or more IDs, or --all without any.'],
    [['emulator', '--port', '70000'], 'It must be a whole number from 0 to 65535.'],
    [['emulator', '--port', '0', '--ics', THIS_FILE], 'ics must be readable iCalendar files'],
    [['emulator', '--port', '0', '--ics', 'nowhere.ics'], 'ics must be readable iCalendar files'],
    [
      ['emulator', '--port', '0', '--state-file', THIS_FILE],
      'state-file must be a state file of an emulator',
    ],
    [
      ['emulator', '--port', '0', '--host', '192.0.2.1'],
      'port must be one that can be listened on: 192.0.2.1:0',
    ],
  ])('%j', async (args, message) => {
    const result = await runCli(args, { env });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(await fixture.prisma.workspace.count({ where: { id: 'mars' } })).toBe(0);
    expect(await fixture.prisma.calendarAuthToken.count()).toBe(1);
  });

  it('a variable that is missing or malformed', async () => {
    expect(await runCli(['status'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^DATABASE_URL must be set/),
    });
    const malformed = { DATABASE_URL: 'nonsense', TOKEN_ENCRYPTION_KEY: 'c2VjcmV0' };
    const { code, stderr } = await runCli(['worker'], { env: malformed });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^DATABASE_URL must be .*\nTOKEN_ENCRYPTION_KEY must be .*\n$/);
    expect(stderr).not.toContain('c2VjcmV0');
  });
});

describe('a failure exits with 1 and says what to do:', () => {
  it('a workspace that is not there', async () => {
    const { code, stderr } = await runCli(['status', 'nobody'], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^There is no workspace nobody\. .*`almanac workspace create nobody .*\n$/);
  });

  it('a database that does not answer, without its password', async () => {
    const unreachable = { ...env, DATABASE_URL: `postgresql://almanac:hunter2@${NOWHERE}/almanac` };
    const { code, stderr } = await runCli(['status', '--verbose'], { env: unreachable });
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^Postgres at ${NOWHERE} does not answer: .*\n`));
    expect(stderr).not.toContain('hunter2');
  });

  it('a Temporal server that does not answer', { tags: ['slow'] }, async () => {
    const unreachable = { ...env, TEMPORAL_ADDRESS: NOWHERE };
    const { code, stderr } = await runCli(['schedules', 'list'], { env: unreachable });
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^Temporal at ${NOWHERE} does not answer: .*\n$`));
  });
});

describe('results', () => {
  it('are JSON with --json and a table without', async () => {
    const json = await runCli(['workspace', 'list', '--json'], { env });
    expect(JSON.parse(json.stdout)).toMatchObject([{ id: 'acme', timeZone: 'Europe/Berlin', accounts: 1 }]);
    const table = await runCli(['workspace', 'list'], { env });
    expect(table.stdout).toMatch(/│ acme +│ +│ Europe\/Berlin +│ active +│ 1 /);
  });

  it('carry no control characters of a title to the terminal', async () => {
    const { accountId } = await fixture.connect('titles');
    const calendar = await fixture.addCalendar('titles', accountId);
    const title = 'red \u001B[31malert\u0007';
    await fixture.addOccurrence('titles', calendar, '2026-01-05', '2026-01-06', { title });
    const range = ['events', 'titles', '--from', '2026-01-05', '--to', '2026-01-06'];
    expect((await runCli(range, { env })).stdout).toMatch(/red {2}\[31malert /);
    expect(JSON.parse((await runCli([...range, '--json'], { env })).stdout)).toMatchObject([{ title }]);
  });

  it(
    'can be filtered by whether they take up time, which a calendar setting decides',
    { tags: ['slow'] },
    async () => {
      const { accountId } = await fixture.connect('filtered');
      const [mine, theirs] = [
        await fixture.addCalendar('filtered', accountId),
        await fixture.addCalendar('filtered', accountId, { summary: 'Bob', accessRole: 'reader' }),
      ];
      const at = ['2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z'] as const;
      await fixture.addOccurrence('filtered', mine, ...at, { title: 'mine', traits: [] });
      await fixture.addOccurrence('filtered', theirs, ...at, { title: 'theirs', traits: [], busy: false });
      const titles = async (...filter: string[]) => {
        const range = ['events', 'filtered', '--from', '2026-01-05', '--to', '2026-01-06', '--json'];
        const { stdout } = await runCli([...range, ...filter], { env });
        return JSON.parse(stdout).map(({ title }: { title: string }) => title);
      };
      expect([await titles('--busy'), await titles('--no-busy')]).toEqual([['mine'], ['theirs']]);

      const { stdout } = await runCli(['calendar', 'busy', theirs, '--on', '--json'], { env });
      expect(JSON.parse(stdout)).toMatchObject({ id: theirs, takesTime: true, takesTimeChosen: true });
      expect((await titles('--busy')).toSorted()).toEqual(['mine', 'theirs']);

      const said = await runCli(['calendar', 'busy', theirs, '--default'], { env });
      expect(said.stdout).toBe(`Calendar ${theirs} does not take up time, by default.\n`);
      expect([await titles('--busy'), await titles('--no-busy')]).toEqual([['mine'], ['theirs']]);
      const list = await runCli(['calendar', 'list', 'filtered'], { env });
      expect(list.stdout).toMatch(/Bob .*│ false \(default\) /);
    },
  );

  it('may be read half: a closed pipe is no failure', async () => {
    const { accountId } = await fixture.connect('long');
    const calendarId = await fixture.addCalendar('long', accountId);
    const day = { startDate: new Date('2026-01-05'), endDate: new Date('2026-01-06') };
    await fixture.prisma.workspaceCalendarEvent.createMany({
      data: Array.from({ length: 2_000 }, () => ({
        ...day,
        id: randomUUID(),
        workspaceId: 'long',
        calendarId,
        googleEventId: 'event',
        sourceEventId: 'event',
        status: 'confirmed',
        busy: true,
        eventType: 'default',
        allDay: true,
      })),
    });
    const range = ['events', 'long', '--from', '2026-01-05', '--to', '2026-01-06', '--json'];
    expect(await runCli(range, { env, closeOutput: true })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('workspace', () => {
  const workspace = (...args: string[]) => runCli(['workspace', ...args], { env });

  it('is created with writing, and has it changed', async () => {
    const created = await workspace('create', 'writer', '--time-zone', 'UTC', '--writing', 'on', '--json');
    expect(JSON.parse(created.stdout)).toMatchObject({ id: 'writer', writing: true });
    const changed = await workspace('set', 'writer', '--writing', 'off', '--json');
    expect(JSON.parse(changed.stdout)).toMatchObject({ writing: false, eventDetail: 'minimal' });
  });

  it('is not changed without a choice, or by one that there is not', async () => {
    const nothing = await workspace('set', 'acme');
    expect(nothing).toMatchObject({ code: 2, stderr: 'event-detail must be given, or another choice.\n' });
    const unknown = await workspace('set', 'acme', '--writing', 'yes');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('on, off') });
  });
});

describe('account add', () => {
  it.each([
    ['standard input', ['--refresh-token', '-'], { input: '1//secret-grant\n' }],
    ['the environment', [], { env: { ALMANAC_REFRESH_TOKEN: '1//secret-grant' } }],
    ['the command line', ['--refresh-token', '1//secret-grant'], {}],
  ])('takes the grant from %s and never prints it', async (_, option, given) => {
    const email = `${randomUUID()}@example.com`;
    const google = await startTestEmulator();
    await google.admin.createUser({ email, refreshToken: '1//secret-grant' });
    const args = ['account', 'add', 'acme', '--email', email, ...option, '--verbose', '--json'];
    const variables = {
      ...env,
      GOOGLE_CLIENT_ID: 'almanac-dev',
      GOOGLE_CLIENT_SECRET: 'almanac-dev-secret',
      GOOGLE_API_ROOT_URL: google.url,
      GOOGLE_OAUTH_TOKEN_URL: `${google.url}/token`,
    };
    const result = await runCli(args, {
      ...given,
      env: { ...variables, ...('env' in given ? given.env : {}) },
    });
    await google.close();
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).not.toContain('secret-grant');
    const { id } = JSON.parse(result.stdout);
    const { keyId, refreshToken } = await fixture.prisma.calendarAuthToken.findUniqueOrThrow({
      where: { id },
    });
    expect(fixture.tokenCipher.open({ keyId, bytes: refreshToken }, id)).toBe('1//secret-grant');
  });
});

describe('migrate', () => {
  it('brings a new database up to date, then finds nothing to do, and needs no encryption key', async () => {
    const name = `cli_${randomUUID().replaceAll('-', '')}`;
    await fixture.prisma.$executeRawUnsafe(`create database ${name}`);
    const url = new URL(fixture.url);
    url.pathname = `/${name}`;
    try {
      const migrate = () => runCli(['migrate', '--json'], { env: { DATABASE_URL: url.href } });
      const first = await migrate();
      expect(first).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(first.stdout).applied.length).toBeGreaterThan(0);
      expect(JSON.parse((await migrate()).stdout)).toEqual({ applied: [] });
    } finally {
      await fixture.prisma.$executeRawUnsafe(`drop database ${name} with (force)`);
    }
  });
});
