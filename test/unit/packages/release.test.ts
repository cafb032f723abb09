import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { PROJECT_ROOT } from '../../../dev/project-root.ts';

const textOf = (...path: string[]) => readFileSync(join(PROJECT_ROOT, ...path), 'utf8');

const job = z.object({
  permissions: z.object({ contents: z.literal('read'), 'id-token': z.literal('write') }),
  steps: z.array(z.object({ run: z.string().optional(), uses: z.string().optional() })),
});
const workflow = z.object({
  on: z.object({ push: z.object({ tags: z.tuple([z.literal('v*')]) }) }),
  permissions: z.object({ contents: z.literal('read') }),
  jobs: z.object({ npm: job, pypi: job }),
});
const { jobs } = workflow.parse(parse(textOf('.github', 'workflows', 'release.yml')));
const runsOf = ({ steps }: z.infer<typeof job>) => steps.flatMap(({ run }) => run ?? []);

describe('a release', () => {
  it('publishes every workspace that is not private, with provenance', () => {
    const published = packageJson.workspaces.filter(
      (folder) =>
        !z.object({ private: z.boolean().optional() }).parse(JSON.parse(textOf(folder, 'package.json')))
          .private,
    );
    const [command = ''] = runsOf(jobs.npm).filter((run) => run.startsWith('npm publish'));
    expect(command).toContain('--provenance --access public');
    expect([...command.matchAll(/--workspace (\S+)/g)].map(([, folder]) => folder)).toEqual(published);
  });

  it('refuses a tag that is not the version, before it installs anything', () => {
    const [check = '', install] = runsOf(jobs.npm);
    expect(install).toContain('npm ci');
    const statusOf = (tag: string) =>
      spawnSync('bash', ['-c', check], { cwd: PROJECT_ROOT, env: { ...process.env, GITHUB_REF_NAME: tag } })
        .status;
    expect(statusOf(`v${packageJson.version}`)).toBe(0);
    expect(statusOf('v99.0.0')).toBe(1);
  });

  it('has commands that a shell can read', () => {
    for (const run of [...runsOf(jobs.npm), ...runsOf(jobs.pypi)])
      expect(spawnSync('bash', ['-n'], { input: run }).status, run).toBe(0);
  });
});
