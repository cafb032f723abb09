import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { runProgram } from '../support/installation/program.ts';
import { PYTHON, pythonHas } from '../support/python/run-python.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const PYTHON_PACKAGE = join(PROJECT_ROOT, 'packages', 'python');
/** Python 3.11 has what the generated code imports. */
const isNewEnough = spawnSync(PYTHON, ['-c', 'from typing import Self']).status === 0;
const available = isNewEnough && pythonHas('openapi_python_client', 'setuptools', 'wheel');
const skipped = available ? '' : ' (skipped: no Python 3.11 with packages/python/requirements.txt)';

/** A request that is refused, and a write under a key that is sent twice. */
const WRITES = `
from os import environ
from almanac_client import AuthenticatedClient
from almanac_client.api.tasks import create_task, list_tasks
from almanac_client.models import CreateTaskBody, Problem

client = AuthenticatedClient(base_url=environ["ALMANAC_URL"], token=environ["ALMANAC_KEY"])
for _ in range(2):
    body = CreateTaskBody.from_dict({"title": "Write", "durationMinutes": 30})
    created = create_task.sync("acme-berlin", client=client, body=body, idempotency_key="once")
print(created.title, len(list_tasks.sync("acme-berlin", client=client)))
refused = list_tasks.sync("other", client=client)
print(type(refused) is Problem, refused.type_, refused.status)
`;

describe.skipIf(!available)(`the Python client${skipped}`, () => {
  let folder: string;
  let fixture: ClientFixture;
  let temporal: TestTemporal;
  let api: TestApi;
  let env: NodeJS.ProcessEnv;

  const python = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runProgram(PYTHON, args, { cwd: folder, env });
    expect(code, `${stdout}${stderr}`).toBe(0);
    return stdout;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'almanac-python-'));
    await python(join(PYTHON_PACKAGE, 'generate.py'), 'almanac-client');
    const offline = ['--no-deps', '--no-build-isolation', '--disable-pip-version-check', '--quiet'];
    await python('-m', 'pip', 'install', ...offline, '--target', 'installed', './almanac-client');
    [fixture, temporal] = await Promise.all([createClientFixture(), connectTestTemporal()]);
    api = await startTestApi({ stack: { prisma: fixture.prisma, temporal } });
    const { accountId } = await fixture.connect('acme-berlin');
    await fixture.addCalendar('acme-berlin', accountId);
    env = {
      PYTHONPATH: join(folder, 'installed'),
      ALMANAC_URL: api.url,
      ALMANAC_KEY: await api.createKey('acme-berlin'),
    };
  });
  afterAll(async () => {
    await api?.close();
    await temporal?.close();
    await fixture?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has the version of Almanac', async () => {
    const version = 'from importlib.metadata import version; print(version("almanac-client"))';
    expect(await python('-c', version)).toBe(`${packageJson.version}\n`);
  });

  it('reads a calendar by the program in its README', async () => {
    const text = readFileSync(join(PYTHON_PACKAGE, 'README.md'), 'utf8');
    const [, program = ''] = /^```python\n([\s\S]*?)^```$/m.exec(text) ?? [];
    writeFileSync(join(folder, 'read_calendars.py'), program);
    expect(await python('read_calendars.py')).toBe('Work (Europe/Berlin)\n');
  });

  it('does a write once under its key, and returns a refusal as a problem', async () => {
    writeFileSync(join(folder, 'write.py'), WRITES);
    expect(await python('write.py')).toBe('Write 1\nTrue forbidden 403\n');
  });
});
