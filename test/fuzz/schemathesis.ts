import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pythonWith } from '../../bench/support/python.ts';

const PACKAGE = 'schemathesis==4.32.5';
/** Longer than any route is allowed to wait. */
const REQUEST_TIMEOUT_S = 70;
/** Answers of the first last for minutes, the second has a protocol of its own: they have tests in `test/api`. */
const LEFT_OUT = ['GET /api/v1/workspaces/{workspaceId}/changes/stream', 'POST /mcp'];
/** Checks that every answer must pass. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'ignored_auth',
];
/** As it heads its summary, and the kinds of failures in there. */
const SUMMARY = '= SUMMARY =';
const FAILURES = /^Failures:$/m;

export interface FuzzPass {
  /** In words, for the report. */
  name: string;
  url: string;
  /** API key of the caller. */
  key: string;
  /** Parameters that always have this value, so that requests get past `404`. */
  fixed: Record<string, string>;
  /** Other values of one operation, by its method and path. */
  only: Record<string, Record<string, string>>;
  seed: number;
  examples: number;
}

export interface FuzzOutcome {
  name: string;
  /** Output of the generator: counts, and how to repeat each failure. */
  output: string;
  passed: boolean;
}

const linesOf = (parameters: Record<string, string>) =>
  Object.entries(parameters).map(([parameter, value]) => `${parameter} = ${JSON.stringify(value)}`);

/** Runs the generator over every route of the OpenAPI document. */
export async function runSchemathesis({
  name,
  url,
  key,
  fixed,
  only,
  seed,
  examples,
}: FuzzPass): Promise<FuzzOutcome> {
  const program = join(dirname(pythonWith('fuzz-venv', [PACKAGE])), 'st');
  const directory = await mkdtemp(join(tmpdir(), 'almanac-fuzz-'));
  try {
    const settings = [
      '[parameters]',
      ...linesOf(fixed),
      ...LEFT_OUT.flatMap((operation) => [
        '[[operations]]',
        `include-name = ${JSON.stringify(operation)}`,
        'enabled = false',
      ]),
      ...Object.entries(only).flatMap(([operation, parameters]) => [
        '[[operations]]',
        `include-name = ${JSON.stringify(operation)}`,
        '[operations.parameters]',
        ...linesOf(parameters),
      ]),
      '',
    ];
    await writeFile(join(directory, 'schemathesis.toml'), settings.join('\n'));
    const options = {
      header: `Authorization: Bearer ${key}`,
      checks: CHECKS.join(','),
      'max-examples': examples,
      seed,
      'request-timeout': REQUEST_TIMEOUT_S,
      workers: 2,
      warnings: 'off',
    };
    const args = Object.entries(options).map(([option, value]) => `--${option}=${value}`);
    args.unshift('run', `${url}/docs/json`, '--continue-on-failure', '--no-color');
    const child = spawn(program, args, { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    await new Promise((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    const output = chunks.join('');
    // Its exit code also tells of errors of its own: it cannot invent values for every schema.
    return { name, output, passed: output.includes(SUMMARY) && !FAILURES.test(output) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
