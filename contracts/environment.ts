import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { TaskQueue } from './task-queues.ts';
import { isSiteOrigin, isWebhookUrl, LOOPBACK, WEBHOOK_URL_RULE } from './webhook-urls.ts';

const ENCRYPTION_KEY_BYTES = 32;
const LEAST_SECRET_LENGTH = 32;

const url = (protocols: string[], example: string) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be a URL like ${example}`,
  });
const httpUrl = (example: string) => url(['http:', 'https:'], example);

const nameOf = (what: string, characters: string, longest = 64) =>
  z.string().regex(new RegExp(`^[${characters}]{1,${longest}}$`), {
    error: `must be ${what}: 1 to ${longest} characters out of ${characters}`,
  });

const webhookUrl = z.string().refine(isWebhookUrl, { error: WEBHOOK_URL_RULE });

/** A user and a password may be part of it, so it is never shown. */
const smtpUrl = z.string().refine(
  (value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, hostname, pathname, search, hash } = new URL(value);
    const isPlain = ['', '?requireTLS=false'].includes(search);
    return (
      ['smtp:', 'smtps:'].includes(protocol) && hostname !== '' && isPlain && /^\/?$/.test(pathname + hash)
    );
  },
  {
    error:
      'must be a URL like smtps://user:password@mail.example.com:465 or smtp://user:password@mail.example.com:587; ?requireTLS=false allows a relay without TLS',
  },
);

/** Sender of e-mails: an address, or a name and an address. */
const sender = z.string().regex(/^(?:[^<>\p{Cc}]{1,100} )?<?[^\s@<>,;\p{Cc}]+@[^\s@<>,;\p{Cc}]+>?$/u, {
  error: 'must be an e-mail address, or like Almanac <almanac@example.com>',
});

/** URL under which others reach this installation, without a trailing slash. */
const publicUrl = z
  .string()
  .refine(
    (value) => {
      if (!URL.canParse(value)) return false;
      const { protocol, hostname, username, password, search, hash } = new URL(value);
      const local = LOOPBACK.includes(hostname);
      return (
        (protocol === 'https:' || (protocol === 'http:' && local)) &&
        username + password + search + hash === ''
      );
    },
    { error: 'must be an https URL like https://almanac.example.com; http only for localhost' },
  )
  .transform((value) => new URL(value).href.replace(/\/+$/, ''));

const encryptionKeys = z
  .string({ error: 'must be set: 32 random bytes in base64, as `openssl rand -base64 32` prints them' })
  .transform((value) => value.split(',').map((key) => key.trim()))
  .refine((keys) => keys.every((key) => /^[A-Za-z0-9+/]{43}=$/.test(key)), {
    error: `must be ${ENCRYPTION_KEY_BYTES} bytes in base64; several keys are separated by commas, newest first`,
  });

const wholeNumber = (least: number, most: number, fallback: number) =>
  z
    .string()
    .refine((value) => /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number)
    .default(fallback);

const onOrOff = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true')
  .default(false);

const networks = z
  .string()
  .transform((value) => value.split(',').map((network) => network.trim()))
  .refine((list) => list.every((network) => ipaddr.isValidCIDR(network)), {
    error: 'must be networks like 10.1.2.0/24 or fd00::/8, separated by commas',
  })
  .default([]);

const origins = z
  .string()
  .transform((value) => value.split(',').map((origin) => origin.trim()))
  .refine((list) => list.every(isSiteOrigin), {
    error: 'must be origins like https://app.example.com, separated by commas; http only for localhost',
  })
  .default([]);

const taskQueues = z
  .string()
  .transform((value) => value.split(',').map((name) => name.trim()))
  .pipe(
    z
      .array(
        z.enum(Object.values(TaskQueue), {
          error: `must list one or more of ${Object.values(TaskQueue).join(', ')}, separated by commas`,
        }),
      )
      .min(1),
  )
  .default(Object.values(TaskQueue));

const trustedProxies = z
  .string()
  .transform((value) => value.split(',').map((network) => network.trim()))
  .pipe(
    z.array(
      z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
        error: 'must list addresses or networks like 10.0.0.0/8, separated by commas',
      }),
    ),
  )
  .default([]);

/**
 * Every variable Almanac reads, except those of the Temporal connection, which `@temporalio/envconfig` reads,
 * and those of OpenTelemetry. `.env.example` documents them.
 */
export const environmentSchema = z.object({
  DATABASE_URL: z
    .string({
      error:
        'must be set, for instance postgresql://user:password@localhost:5432/almanac; commands in the folder of a running `npm start` need none',
    })
    .pipe(url(['postgres:', 'postgresql:'], 'postgresql://user:password@localhost:5432/almanac')),
  DATABASE_POOL_SIZE: wholeNumber(1, 200, 20),
  TOKEN_ENCRYPTION_KEY: encryptionKeys,
  TEMPORAL_PAYLOAD_ENCRYPTION: onOrOff,
  GOOGLE_CLIENT_ID: z.string().min(1).optional(),
  GOOGLE_CLIENT_SECRET: z.string().min(1).optional(),
  GOOGLE_API_ROOT_URL: httpUrl('https://www.googleapis.com').default('https://www.googleapis.com'),
  GOOGLE_OAUTH_AUTH_URL: httpUrl('https://accounts.google.com/o/oauth2/v2/auth').default(
    'https://accounts.google.com/o/oauth2/v2/auth',
  ),
  GOOGLE_OAUTH_TOKEN_URL: httpUrl('https://oauth2.googleapis.com/token').default(
    'https://oauth2.googleapis.com/token',
  ),
  GOOGLE_OAUTH_REVOKE_URL: httpUrl('https://oauth2.googleapis.com/revoke').default(
    'https://oauth2.googleapis.com/revoke',
  ),
  GOOGLE_REQUESTS_PER_MINUTE: wholeNumber(60, 6_000_000, 10_000),
  GOOGLE_USER_REQUESTS_PER_MINUTE: wholeNumber(60, 600_000, 600),
  GOOGLE_USER_WRITES_PER_MINUTE: wholeNumber(10, 600_000, 120),
  GOOGLE_DAILY_BUDGET: wholeNumber(1_000, 1_000_000_000, 900_000),
  PUBLIC_URL: publicUrl.optional(),
  POLL_INTERVAL_MINUTES: wholeNumber(15, 1_440, 15),
  POLL_INTERVAL_WITH_PUSH_MINUTES: wholeNumber(15, 1_440, 360),
  POLL_INTERVAL_MOST_MINUTES: wholeNumber(15, 1_440, 1_440),
  RUN_LOG_RETENTION_DAYS: wholeNumber(1, 3_650, 90),
  CHANGE_LOG_RETENTION_DAYS: wholeNumber(1, 3_650, 30),
  TIME_TRAVEL_RETENTION_DAYS: wholeNumber(1, 3_650, 30),
  WORKER_TASK_QUEUES: taskQueues,
  WORKER_WORKFLOW_SLOTS: wholeNumber(2, 500, 40),
  WORKER_DATABASE_SLOTS: wholeNumber(1, 200, 20),
  WORKER_GOOGLE_SLOTS: wholeNumber(1, 200, 16),
  WORKER_DELIVERY_SLOTS: wholeNumber(1, 200, 40),
  WORKER_MOST_POLLERS: wholeNumber(1, 100, 20),
  WORKER_CACHED_WORKFLOWS: wholeNumber(10, 20_000, 1_000),
  // Temporal's Worker Controller names it after a namespace and a resource of Kubernetes: almanac/almanac.
  TEMPORAL_DEPLOYMENT_NAME: nameOf('the name of a worker deployment', 'A-Za-z0-9_/-', 128).optional(),
  TEMPORAL_WORKER_BUILD_ID: nameOf('the name of a build', 'A-Za-z0-9._-').optional(),
  WORKER_HEALTH_PORT: wholeNumber(0, 65_535, 8081),
  WORKER_HEALTH_HOST: z.string().min(1).default('127.0.0.1'),
  METRICS_PORT: wholeNumber(0, 65_535, 9464),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: wholeNumber(0, 65_535, 8090),
  API_REQUESTS_PER_MINUTE: wholeNumber(1, 6_000_000, 6_000),
  API_TRUSTED_PROXIES: trustedProxies,
  API_RETURN_ORIGINS: origins,
  API_CODEC_ORIGINS: origins,
  TEMPORAL_UI_URL: httpUrl('https://temporal.example.com').optional(),
  INTERNAL_TRIGGER_SECRET_KEY: z
    .string()
    .min(
      LEAST_SECRET_LENGTH,
      `must have at least ${LEAST_SECRET_LENGTH} characters, as \`openssl rand -hex 32\` prints them`,
    )
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .optional(),
  NOTIFIER_WEBHOOK_URL: webhookUrl.optional(),
  NOTIFIER_ALLOWED_NETWORKS: networks,
  NOTIFIER_MESSAGES_PER_HOUR: wholeNumber(1, 3_600, 60),
  SMTP_URL: smtpUrl.optional(),
  SMTP_FROM: sender.optional(),
  WEBHOOK_ALLOWED_NETWORKS: networks,
  NARRATIVE_API_URL: httpUrl('https://models.example.com/v1').optional(),
  NARRATIVE_API_KEY: z.string().min(1).optional(),
  NARRATIVE_MODEL: z.string().max(200, 'must have at most 200 characters').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
});

const completeSchema = environmentSchema
  .refine(({ SMTP_URL, SMTP_FROM }) => SMTP_URL === undefined || SMTP_FROM !== undefined, {
    path: ['SMTP_FROM'],
    error: 'must be set when SMTP_URL is set: the sender of e-mails, like Almanac <almanac@example.com>',
  })
  .refine(
    ({ NARRATIVE_API_URL, NARRATIVE_MODEL }) =>
      NARRATIVE_API_URL === undefined || NARRATIVE_MODEL !== undefined,
    { path: ['NARRATIVE_MODEL'], error: 'must be set when NARRATIVE_API_URL is set: the name of the model' },
  )
  .refine(
    ({ TEMPORAL_DEPLOYMENT_NAME, TEMPORAL_WORKER_BUILD_ID }) =>
      TEMPORAL_DEPLOYMENT_NAME === undefined || TEMPORAL_WORKER_BUILD_ID !== undefined,
    {
      path: ['TEMPORAL_WORKER_BUILD_ID'],
      error: 'must be set when TEMPORAL_DEPLOYMENT_NAME is set: the name of the build, for instance a commit',
    },
  );

/** The parsed environment. */
export type Environment = z.infer<typeof environmentSchema>;

/** A misconfigured process prints its message and exits with code 2. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Parses the environment once, at start. Empty variables count as unset.
 * @throws EnvironmentError with one line per variable that is missing or malformed.
 */
export function parseEnvironment(variables: Record<string, string | undefined>): Environment {
  const known = Object.keys(environmentSchema.shape);
  const values = Object.fromEntries(
    known.filter((name) => variables[name]).map((name) => [name, variables[name]]),
  );
  const parsed = completeSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(
    parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}.`).join('\n'),
  );
}
