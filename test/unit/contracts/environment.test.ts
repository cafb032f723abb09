import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EnvironmentError, environmentSchema, parseEnvironment } from '../../../contracts/environment.ts';

const KEY = randomBytes(32).toString('base64');
const OTHER_KEY = randomBytes(32).toString('base64');
const REQUIRED = { DATABASE_URL: 'postgresql://localhost/almanac', TOKEN_ENCRYPTION_KEY: KEY };

function complaint(variables: Record<string, string | undefined>): string {
  try {
    parseEnvironment(variables);
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    return (error as Error).message;
  }
  return '';
}

const DEFAULTS = {
  DATABASE_POOL_SIZE: 20,
  GOOGLE_API_ROOT_URL: 'https://www.googleapis.com',
  GOOGLE_OAUTH_AUTH_URL: 'https://accounts.google.com/o/oauth2/v2/auth',
  GOOGLE_OAUTH_TOKEN_URL: 'https://oauth2.googleapis.com/token',
  GOOGLE_OAUTH_REVOKE_URL: 'https://oauth2.googleapis.com/revoke',
  GOOGLE_REQUESTS_PER_MINUTE: 10_000,
  GOOGLE_USER_REQUESTS_PER_MINUTE: 600,
  GOOGLE_USER_WRITES_PER_MINUTE: 120,
  GOOGLE_DAILY_BUDGET: 900_000,
  POLL_INTERVAL_MINUTES: 15,
  POLL_INTERVAL_WITH_PUSH_MINUTES: 360,
  POLL_INTERVAL_MOST_MINUTES: 1_440,
  WORKER_TASK_QUEUES: ['calendar-sync', 'google-calendar', 'smart-schedule', 'webhook-delivery'],
  WORKER_WORKFLOW_SLOTS: 40,
  WORKER_DATABASE_SLOTS: 20,
  WORKER_GOOGLE_SLOTS: 16,
  WORKER_DELIVERY_SLOTS: 40,
  WORKER_MOST_POLLERS: 20,
  WORKER_CACHED_WORKFLOWS: 1_000,
  WORKER_HEALTH_PORT: 8081,
  WORKER_HEALTH_HOST: '127.0.0.1',
  METRICS_PORT: 9464,
  TEMPORAL_PAYLOAD_ENCRYPTION: false,
  METRICS_HOST: '127.0.0.1',
  API_HOST: '127.0.0.1',
  API_PORT: 8090,
  API_REQUESTS_PER_MINUTE: 6_000,
  API_TRUSTED_PROXIES: [],
  API_RETURN_ORIGINS: [],
  API_CODEC_ORIGINS: [],
  CHANGE_LOG_RETENTION_DAYS: 30,
  TIME_TRAVEL_RETENTION_DAYS: 30,
  NOTIFIER_MESSAGES_PER_HOUR: 60,
  NOTIFIER_ALLOWED_NETWORKS: [],
  WEBHOOK_ALLOWED_NETWORKS: [],
  RUN_LOG_RETENTION_DAYS: 90,
  LOG_LEVEL: 'info',
  LOG_FORMAT: 'json',
};

describe('the environment', () => {
  it('has a default for everything but the database and the key', () => {
    expect(parseEnvironment(REQUIRED)).toEqual({ ...REQUIRED, TOKEN_ENCRYPTION_KEY: [KEY], ...DEFAULTS });
  });

  it.each([
    ['https://almanac.example.com', 'https://almanac.example.com'],
    ['https://Example.com/almanac/', 'https://example.com/almanac'],
    ['http://localhost:8090/', 'http://localhost:8090'],
  ])('takes %s as the public URL', (given, parsed) => {
    expect(parseEnvironment({ ...REQUIRED, PUBLIC_URL: given }).PUBLIC_URL).toBe(parsed);
  });

  it('counts an empty variable as unset', () => {
    const empty = Object.fromEntries(Object.keys(environmentSchema.shape).map((name) => [name, '']));
    expect(parseEnvironment({ ...empty, ...REQUIRED })).toEqual(parseEnvironment(REQUIRED));
  });

  it.each(['', undefined])('asks for what has no default: %j', (unset) => {
    const lines = complaint({ DATABASE_URL: unset, TOKEN_ENCRYPTION_KEY: unset }).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^DATABASE_URL must be set, for instance postgresql:\/\/.+\.$/);
    expect(lines[1]).toMatch(/^TOKEN_ENCRYPTION_KEY must be set: 32 random bytes in base64.+\.$/);
  });

  it('asks for the build where a worker deployment is named', () => {
    const named = { ...REQUIRED, TEMPORAL_DEPLOYMENT_NAME: 'almanac' };
    expect(complaint(named)).toMatch(
      /^TEMPORAL_WORKER_BUILD_ID must be set when TEMPORAL_DEPLOYMENT_NAME is set/,
    );
    expect(parseEnvironment({ ...named, TEMPORAL_WORKER_BUILD_ID: '1.2.0-4f1c' })).toMatchObject({
      TEMPORAL_DEPLOYMENT_NAME: 'almanac',
    });
    expect(complaint({ ...REQUIRED, TEMPORAL_WORKER_BUILD_ID: 'a b' })).toMatch(
      /must be the name of a build/,
    );
  });

  it.each([
    ['DATABASE_URL', 'mysql://localhost/almanac', /URL like postgresql:/],
    ['DATABASE_URL', 'localhost', /URL like postgresql:/],
    ['PUBLIC_URL', 'http://almanac.example.com', /must be an https URL like/],
    ['PUBLIC_URL', 'almanac.example.com', /must be an https URL like/],
    ['API_RETURN_ORIGINS', 'https://app.example.com/', /must be origins like/],
    ['API_RETURN_ORIGINS', 'http://app.example.com', /must be origins like/],
    ['PUBLIC_URL', 'https://user@almanac.example.com', /must be an https URL like/],
    ['PUBLIC_URL', 'https://almanac.example.com/?a=b', /must be an https URL like/],
    ['NOTIFIER_WEBHOOK_URL', 'http://hooks.example.com/1', /must be an https URL/],
    ['NOTIFIER_WEBHOOK_URL', 'https://ada:secret@hooks.example.com/1', /without a user/],
    ['NOTIFIER_WEBHOOK_URL', 'ftp://localhost/1', /must be an https URL/],
    ['NOTIFIER_ALLOWED_NETWORKS', '10.0.0.0/8,localhost', /networks like 10/],
    ['NOTIFIER_ALLOWED_NETWORKS', '10.0.0.1', /networks like 10/],
    ['SMTP_URL', 'https://mail.example.com', /must be a URL like smtps/],
    ['SMTP_URL', 'smtp://mail.example.com?tls=no', /must be a URL like smtps/],
    ['SMTP_FROM', 'Almanac', /must be an e-mail address/],
    ['SMTP_FROM', 'Almanac <almanac@example.com>\r\nBcc: ada@example.com', /must be an e-mail address/],
    ['TEMPORAL_PAYLOAD_ENCRYPTION', 'yes', /true or false/],
    ['API_REQUESTS_PER_MINUTE', '0', /whole number from 1/],
    ['API_TRUSTED_PROXIES', 'everybody', /networks like 10/],
    ['API_PORT', '65536', /whole number from 0 to 65535/],
    ['INTERNAL_TRIGGER_SECRET_KEY', 'a'.repeat(31), /at least 32 characters/],
    ['INTERNAL_TRIGGER_SECRET_KEY', 'two words '.repeat(4), /without spaces/],
    ['NOTIFIER_MESSAGES_PER_HOUR', '0', /whole number from 1 to 3600/],
    ['DATABASE_POOL_SIZE', '0', /whole number from 1 to 200/],
    ['DATABASE_POOL_SIZE', '201', /whole number from 1 to 200/],
    ['DATABASE_POOL_SIZE', 'many', /whole number from 1 to 200/],
    ['DATABASE_POOL_SIZE', '1.5', /whole number from 1 to 200/],
    ['WORKER_WORKFLOW_SLOTS', '1', /whole number from 2 to 500/],
    ['WORKER_DATABASE_SLOTS', '0', /whole number from 1 to 200/],
    ['WORKER_GOOGLE_SLOTS', '201', /whole number from 1 to 200/],
    ['WORKER_DELIVERY_SLOTS', '-1', /whole number from 1 to 200/],
    ['WORKER_MOST_POLLERS', '101', /whole number from 1 to 100/],
    ['WORKER_CACHED_WORKFLOWS', '9', /whole number from 10 to 20000/],
    ['TOKEN_ENCRYPTION_KEY', 'short', /32 bytes in base64/],
    ['TOKEN_ENCRYPTION_KEY', `${KEY},`, /32 bytes in base64/],
    ['GOOGLE_API_ROOT_URL', 'ftp://example.com', /URL like https:/],
    ['GOOGLE_OAUTH_AUTH_URL', 'accounts', /URL like https:/],
    ['GOOGLE_OAUTH_TOKEN_URL', 'token', /URL like https:/],
    ['GOOGLE_OAUTH_REVOKE_URL', 'revoke', /URL like https:/],
    ['GOOGLE_REQUESTS_PER_MINUTE', '0', /whole number from 60 to 6000000/],
    ['GOOGLE_USER_REQUESTS_PER_MINUTE', '1.5', /whole number from 60 to 600000/],
    ['GOOGLE_USER_WRITES_PER_MINUTE', '9', /whole number from 10 to 600000/],
    ['POLL_INTERVAL_MINUTES', '5', /whole number from 15 to 1440/],
    ['POLL_INTERVAL_WITH_PUSH_MINUTES', '2000', /whole number from 15 to 1440/],
    ['WORKER_TASK_QUEUES', 'calendar-sync,unknown', /calendar-sync, google-calendar/],
    ['WORKER_TASK_QUEUES', ',', /calendar-sync, google-calendar/],
    ['WORKER_HEALTH_PORT', '65536', /whole number from 0 to 65535/],
    ['WORKER_HEALTH_PORT', '-1', /whole number from 0 to 65535/],
    ['LOG_LEVEL', 'loud', /info/],
    ['LOG_FORMAT', 'xml', /json/],
  ])('refuses %s=%s in one line that names it', (name, value, allowed) => {
    const message = complaint({ ...REQUIRED, [name]: value });
    expect(message.split('\n')[0]).toMatch(new RegExp(`^${name}\\b.+\\.$`));
    expect(message).toMatch(allowed);
  });

  it('never quotes a value: it may be a secret', () => {
    const message = complaint({
      DATABASE_URL: 'mysql://ada:secret@localhost',
      TOKEN_ENCRYPTION_KEY: 'secret',
    });
    expect(message).not.toContain('secret');
  });

  it('takes several keys, newest first, and several queues', () => {
    const environment = parseEnvironment({
      ...REQUIRED,
      TOKEN_ENCRYPTION_KEY: `${KEY}, ${OTHER_KEY}`,
      WORKER_TASK_QUEUES: 'google-calendar, calendar-sync',
    });
    expect(environment.TOKEN_ENCRYPTION_KEY).toEqual([KEY, OTHER_KEY]);
    expect(environment.WORKER_TASK_QUEUES).toEqual(['google-calendar', 'calendar-sync']);
  });
});
