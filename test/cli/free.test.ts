import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { runCli } from '../support/run-cli.ts';

const RANGE = ['--from', '2026-01-05', '--to', '2026-01-06'];

let fixture: ClientFixture;
let env: Record<string, string>;

beforeAll(async () => {
  fixture = await createClientFixture();
  env = { DATABASE_URL: fixture.url, TEMPORAL_ADDRESS: '127.0.0.1:9' };
  for (const id of ['acme', 'globex']) {
    const { accountId } = await fixture.connect(id);
    const calendar = await fixture.addCalendar(id, accountId);
    const hour = id === 'acme' ? '08' : '10';
    await fixture.addOccurrence(id, calendar, `2026-01-05T${hour}:00:00Z`, `2026-01-05T${hour}:30:00Z`);
  }
});
afterAll(() => fixture.drop());

const almanac = (...args: string[]) => runCli(args, { env });
async function json(...args: string[]) {
  const { stdout, code } = await almanac(...args, '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('almanac free', () => {
  it('shows when workspaces are busy, and what it cannot know', async () => {
    const { stdout, stderr, code } = await almanac('free', 'acme', 'globex', ...RANGE);
    expect(code).toBe(0);
    expect(stdout).toMatch(/acme.*2026-01-05T08:00:00Z.*2026-01-05T08:30:00Z/);
    expect(stdout).toMatch(/globex.*2026-01-05T10:00:00Z/);
    expect(stderr).toContain('acme may be busy at other times, too: its calendars have not been listed yet.');
  });

  it('finds slots with the options of the API', { tags: ['slow'] }, async () => {
    const options = [
      '--duration',
      '60',
      '--grid',
      '30',
      '--buffer',
      '15',
      '--prefer',
      'earliest',
      '--most',
      '2',
    ];
    const { slots } = await json('free', 'acme', 'globex', ...RANGE, ...options);
    expect(slots.map(({ start }: { start: string }) => start)).toEqual([
      '2026-01-05T11:00:00Z',
      '2026-01-05T11:30:00Z',
    ]);
    const alone = await json('free', 'acme', 'globex', ...RANGE, ...options, '--group', 'acme,globex:1');
    expect(alone.slots[0]).toMatchObject({ start: '2026-01-05T08:00:00Z', workspaceIds: ['globex'] });
    const { stdout } = await almanac('free', 'acme', ...RANGE, ...options, '--apart');
    expect(stdout).toMatch(/2026-01-05T09:00:00Z.*earliest/);
    expect(stdout).toMatch(/The best 2 of \d+\./);
  });

  it(
    'answers at once where the proofs are recent enough, and needs Temporal to make them so',
    { tags: ['slow'] },
    async () => {
      const recent = await almanac('free', 'acme', ...RANGE, '--max-age', '1h');
      expect(recent.code).toBe(0);
      const events = await almanac('events', 'acme', ...RANGE, '--max-age', '1h');
      expect(events.stderr).toMatch(/^Shows everything that Google held at \d{4}-/);
      const old = await almanac('free', 'acme', ...RANGE, '--max-age', '1s');
      expect(old).toMatchObject({ code: 1, stdout: '' });
      expect(old.stderr).toContain('Temporal');
    },
  );

  it.each([
    ['grid', ['--grid', '30']],
    ['grid', ['--duration', '60', '--grid', '7']],
    ['to', ['--to', '2026-01-05']],
    ['movable', ['--movable', 'perhaps']],
    ['group', ['--duration', '60', '--group', 'nobody']],
    ['time-zone', ['--time-zone', 'Mars']],
  ])('names the option %s that is wrong', async (option, args) => {
    const { stderr, code } = await almanac('free', 'acme', ...RANGE, ...args);
    expect(stderr).toMatch(new RegExp(`^${option} must be`));
    expect(code).toBe(2);
  });
});

describe('almanac permit', () => {
  it('adds, lists and removes permits', { tags: ['slow'] }, async () => {
    expect(await json('permit', 'add', 'acme', 'globex')).toMatchObject({ readerId: 'globex' });
    expect(await json('permit', 'list', 'acme')).toMatchObject([{ workspaceId: 'acme', readerId: 'globex' }]);
    expect(await json('permit', 'remove', 'acme', 'globex')).toEqual({ removed: true });
    expect((await almanac('permit', 'list', 'acme')).stdout).toContain('almanac permit add acme <reader>');
  });
});
