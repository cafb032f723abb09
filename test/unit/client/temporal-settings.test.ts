import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { Variables } from '../../../client/environment.ts';
import { temporalSettings } from '../../../client/temporal-client.ts';
import { EnvironmentError } from '../../../contracts/environment.ts';

const TOKEN_ENCRYPTION_KEY = randomBytes(32).toString('base64');
const payload = defaultPayloadConverter.toPayload('canary') ?? {};

async function written(variables: Variables): Promise<string> {
  const [codec] = temporalSettings(variables).dataConverter?.payloadCodecs ?? [];
  const [encoded] = (await codec?.encode([payload])) ?? [];
  return Buffer.from(encoded?.data ?? []).toString();
}

describe('what goes to Temporal', () => {
  it.each([{}, { TOKEN_ENCRYPTION_KEY }, { TOKEN_ENCRYPTION_KEY, TEMPORAL_PAYLOAD_ENCRYPTION: 'false' }])(
    'is not encrypted with %o',
    async (variables) => expect(await written(variables)).toBe('"canary"'),
  );

  it('is encrypted when it is asked for', async () => {
    const bytes = await written({ TOKEN_ENCRYPTION_KEY, TEMPORAL_PAYLOAD_ENCRYPTION: 'true' });
    expect(bytes).not.toBe('');
    expect(bytes).not.toContain('canary');
  });

  it.each([
    ['TOKEN_ENCRYPTION_KEY', { TEMPORAL_PAYLOAD_ENCRYPTION: 'true' }],
    ['TOKEN_ENCRYPTION_KEY', { TOKEN_ENCRYPTION_KEY: 'short' }],
    ['TEMPORAL_PAYLOAD_ENCRYPTION', { TOKEN_ENCRYPTION_KEY, TEMPORAL_PAYLOAD_ENCRYPTION: 'yes' }],
  ])('takes a right %s', (name, variables) => {
    expect(() => temporalSettings(variables)).toThrow(EnvironmentError);
    expect(() => temporalSettings(variables)).toThrow(name);
  });
});
