import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireVariables, type Variables } from '../../../client/environment.ts';
import { loadDotEnv } from '../../../cli/load-variables.ts';
import { EnvironmentError } from '../../../contracts/environment.ts';

const DATABASE_URL = 'postgresql://localhost/almanac';

describe('.env', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'almanac-env-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('completes the environment and never overrules it', async () => {
    await writeFile(join(directory, '.env'), 'LOG_LEVEL=debug\nLOG_FORMAT="pretty"\nGOOGLE_CLIENT_ID=\n');
    const variables: Variables = { LOG_LEVEL: 'warn' };
    loadDotEnv(directory, variables);
    expect(variables).toEqual({ LOG_LEVEL: 'warn', LOG_FORMAT: 'pretty' });
  });

  it('fills in for an empty variable', async () => {
    await writeFile(join(directory, '.env'), 'LOG_LEVEL=debug');
    const variables: Variables = { LOG_LEVEL: '' };
    loadDotEnv(directory, variables);
    expect(variables).toEqual({ LOG_LEVEL: 'debug' });
  });

  it('need not be there', () => {
    const variables: Variables = { LOG_LEVEL: 'warn' };
    loadDotEnv(directory, variables);
    expect(variables).toEqual({ LOG_LEVEL: 'warn' });
  });
});

describe('the variables of a command', () => {
  it('are parsed, others are left alone', () => {
    expect(requireVariables({ DATABASE_URL, LOG_LEVEL: 'loud' }, 'DATABASE_URL', 'LOG_FORMAT')).toEqual({
      DATABASE_URL,
      LOG_FORMAT: 'json',
    });
  });

  it('are named in one message when they are missing or malformed', () => {
    const variables = { DATABASE_URL: 'mysql://localhost/almanac', TOKEN_ENCRYPTION_KEY: '' };
    const require = () => requireVariables(variables, 'DATABASE_URL', 'TOKEN_ENCRYPTION_KEY');
    expect(require).toThrow(EnvironmentError);
    expect(require).toThrow(/^DATABASE_URL must be .*\.\nTOKEN_ENCRYPTION_KEY must be set.*\.$/);
  });
});
