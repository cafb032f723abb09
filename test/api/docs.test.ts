import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlmanacApi } from '../../api/generated/api-client.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('the documentation', () => {
  it('is a page of its own scripts', async () => {
    const page = await api.call('/docs/', { key: null });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(page.body).not.toMatch(/<script(?![^>]*src=)[^>]*>[^<]/);
    const script = await api.call('/docs/static/swagger-ui-bundle.js', { key: null });
    expect(script.status).toBe(200);
  });

  it('is OpenAPI 3.1', async () => {
    const { body } = await api.call('/docs/json', { key: null });
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toContain('/api/v1/workspaces');
  });
});

describe('the typed client', () => {
  it('sends its key, and answers with data or a problem', async () => {
    const client = createAlmanacApi({ url: api.url, key: api.adminKey });
    const created = await client.POST('/api/v1/workspaces', { body: { id: 'typed', timeZone: 'UTC' } });
    expect(created.data?.id).toBe('typed');

    const again = await client.POST('/api/v1/workspaces', { body: { id: 'typed', timeZone: 'UTC' } });
    expect(again.error?.detail).toContain('already exists');
  });
});
