import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { runProgram } from '../support/installation/program.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const MINUTE_MS = 60_000;
const { devDependencies, dependencies } = packageJson;
/** What a consumer has besides. */
const BESIDES = [
  `typescript@${devDependencies.typescript}`,
  `@types/node@${devDependencies['@types/node']}`,
  `vitest@${devDependencies.vitest}`,
  `googleapis@${dependencies.googleapis}`,
  `google-auth-library@${dependencies['google-auth-library']}`,
];
const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    types: ['node'],
    noEmit: true,
    // The packages' own declarations are checked; those of others are not ours to mend.
    skipLibCheck: false,
    skipDefaultLibCheck: true,
  },
  include: ['*.ts'],
};

/** The first program in a README. */
function firstProgramOf(readme: string): string {
  const text = readFileSync(join(PROJECT_ROOT, readme), 'utf8');
  return /^```ts\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? '';
}

let folder: string;
let fixture: ClientFixture;
let temporal: TestTemporal;
let api: TestApi;

async function run(command: string, args: string[], options: object = {}): Promise<string> {
  const { code, stdout, stderr } = await runProgram(command, args, { cwd: folder, ...options });
  expect(code, `${command} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'almanac-packed-'));
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const packages = ['packages/client', 'packages/emulator'].flatMap((name) => ['--workspace', name]);
  await run('npm', ['pack', '--silent', '--pack-destination', tarballs, ...packages], { cwd: PROJECT_ROOT });
  const packed = readdirSync(tarballs).map((file) => join(tarballs, file));
  expect(packed).toHaveLength(2);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...options, ...packed, ...BESIDES]);
  [fixture, temporal] = await Promise.all([createClientFixture(), connectTestTemporal()]);
  api = await startTestApi({ stack: { prisma: fixture.prisma, temporal } });
}, 5 * MINUTE_MS);
afterAll(async () => {
  await api?.close();
  await temporal?.close();
  await fixture?.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the packages, installed from their tarballs into an empty folder', () => {
  it('hold what is built and nothing else', () => {
    for (const name of ['client', 'emulator']) {
      const files = readdirSync(join(folder, 'node_modules', '@almanac', name));
      expect(files.toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    }
  });

  it('check the types of the programs in their READMEs, and of wrong ones', async () => {
    writeFileSync(join(folder, 'client.ts'), firstProgramOf('packages/client/README.md'));
    writeFileSync(join(folder, 'emulator.test.ts'), firstProgramOf('packages/emulator/README.md'));
    writeFileSync(
      join(folder, 'wrong.ts'),
      [
        "import { createAlmanac } from '@almanac/client';",
        "import { verifyWebhook } from '@almanac/client/webhooks';",
        "const almanac = createAlmanac({ url: '', key: '' });",
        '// @ts-expect-error: there is no such route.',
        "await almanac.GET('/api/v1/nothing');",
        '// @ts-expect-error: the path lacks its parameter.',
        "await almanac.GET('/api/v1/workspaces/{workspaceId}/tasks');",
        '// @ts-expect-error: a page holds tasks.',
        "for await (const one of almanac.pages('/api/v1/workspaces')) one satisfies string;",
        "verifyWebhook('', '', {}).type satisfies string;",
      ].join('\n'),
    );
    await run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.']);
  });

  it('read a calendar from the API by the five lines of the README', async () => {
    const { accountId } = await fixture.connect('acme-berlin');
    await fixture.addCalendar('acme-berlin', accountId);
    const program = firstProgramOf('packages/client/README.md').replaceAll('!', '');
    writeFileSync(join(folder, 'client.mjs'), program);
    const env = { ...process.env, ALMANAC_URL: api.url, ALMANAC_KEY: await api.createKey('acme-berlin') };
    expect(await run(process.execPath, ['client.mjs'], { env })).toBe('Work (Europe/Berlin)\n');
  });

  it('give a test runner an emulator', async () => {
    const vitest = join('node_modules', 'vitest', 'vitest.mjs');
    expect(await run(process.execPath, [vitest, 'run', 'emulator.test.ts'])).toContain('1 passed');
  });

  it('have a program that names a wrong option', async () => {
    const program = join(folder, 'node_modules', '.bin', 'almanac-emulator');
    const { code, stderr } = await runProgram(program, ['--port', '99999'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('--port');
    expect(await run(program, ['--help'])).toContain('--state-file');
  });
});
