import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenLocally } from '../support/listen-locally.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ADVISORY = {
  id: 1,
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
  title: 'Something is wrong',
  severity: 'high',
  vulnerable_versions: '>=1',
  cwe: [],
  cvss: { score: 0, vectorString: null },
};

let directory: string;
let registry: Server | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'almanac-audit-'));
});
afterEach(async () => {
  registry?.close();
  await rm(directory, { recursive: true });
});

/** A registry that knows of these advisories, or that answers audits with this status. */
async function serve(answer: object | number): Promise<string> {
  registry = createServer((request, response) => {
    request.resume().on('end', () => {
      const status = request.method !== 'POST' ? 404 : typeof answer === 'number' ? answer : 200;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(status === 200 ? answer : {}));
    });
  });
  return `${await listenLocally(registry)}/`;
}

async function audit(npmRegistry: string, allowed: object[] = []) {
  const file = join(directory, 'allowed.json');
  await writeFile(file, JSON.stringify(allowed));
  const env = {
    ...process.env,
    npm_config_registry: npmRegistry,
    npm_config_cache: directory,
    npm_config_fetch_retries: '0',
  };
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, ['.ci/audit.mjs', file], { cwd: ROOT, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

const allow = (until: string) => ({ advisory: 'GHSA-aaaa-bbbb-cccc', reason: 'never reached', until });

describe('the audit of dependencies', () => {
  it('passes where the registry knows of nothing', async () => {
    const { code, output } = await audit(await serve({}));
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/^\d+ packages, 0 advisories, 0 of/),
    });
  });

  it('fails for an advisory, and names it', async () => {
    const { code, output } = await audit(await serve({ fastify: [ADVISORY] }));
    expect(code).toBe(1);
    expect(output).toContain('GHSA-aaaa-bbbb-cccc (high) fastify: Something is wrong — NOT EXPLAINED');
  });

  it('passes for an advisory that is explained, until its day', async () => {
    const url = await serve({ fastify: [ADVISORY] });
    const explained = await audit(url, [allow('9999-12-31')]);
    expect(explained.code).toBe(0);
    expect(explained.output).toContain('allowed until 9999-12-31: never reached');
    expect((await audit(url, [allow('2020-12-31')])).code).toBe(1);
  });

  it('asks to take off the list what no package has', async () => {
    const { code, output } = await audit(await serve({}), [allow('9999-12-31')]);
    expect(code).toBe(0);
    expect(output).toContain('remove it from the list');
  });

  it('says so where the registry cannot be asked, and neither passes nor fails', async () => {
    for (const url of [await serve(405), 'http://127.0.0.1:1/'])
      expect(await audit(url)).toEqual({ code: 3, output: expect.stringMatching(/^NOT AUDITED: .*\n$/) });
  });

  it('fails where the registry does', async () => {
    expect(await audit(await serve(500))).toMatchObject({ code: 1 });
  });
});
