import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { environmentSchema, parseEnvironment } from '../../contracts/environment.ts';
import { WORKER_SHUTDOWN_MS } from '../../contracts/limits.ts';
import { SECOND_MS } from '../../contracts/durations.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { CHART, helm, type Manifest, type Pod, podsOf, renderChart, runHelm } from '../support/helm.ts';
import { PYTHON } from '../support/python/run-python.ts';
import { CUSTOM_GROUPS, customResourceSchema } from './custom-resources.ts';

const VALUES = ['small-values.yaml', 'large-values.yaml', 'versioned-values.yaml'];
/** The oldest that the chart supports, and the newest that the package knows. */
const KUBERNETES_VERSIONS = ['1.30', '1.37'];

const SECRET_VARIABLES = [
  'DATABASE_URL',
  'TOKEN_ENCRYPTION_KEY',
  'GOOGLE_CLIENT_ID',
  'GOOGLE_CLIENT_SECRET',
  'INTERNAL_TRIGGER_SECRET_KEY',
  'TEMPORAL_API_KEY',
  'NOTIFIER_WEBHOOK_URL',
  'SMTP_URL',
  'NARRATIVE_API_KEY',
];
/** `@temporalio/envconfig` reads them. */
const TEMPORAL_VARIABLES = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_API_KEY',
  'TEMPORAL_TLS',
  'TEMPORAL_TLS_SERVER_NAME',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
];
/** The image, or the chart by itself, sets them. */
const SET_BY_THE_CHART = [
  'WORKER_TASK_QUEUES',
  'TEMPORAL_DEPLOYMENT_NAME',
  'TEMPORAL_WORKER_BUILD_ID',
  'WORKER_HEALTH_PORT',
  'WORKER_HEALTH_HOST',
  'METRICS_PORT',
  'METRICS_HOST',
  'API_HOST',
  'API_PORT',
];

const execute = promisify(execFile);
const isCi = process.env.CI === 'true';

async function hasValidator(): Promise<boolean> {
  return execute(PYTHON, ['-c', 'import kubernetes_validate']).then(
    () => true,
    () => false,
  );
}
const validator = await hasValidator();

const isCustom = ({ apiVersion }: Manifest) => CUSTOM_GROUPS.some((group) => apiVersion.startsWith(group));
const variablesOf = (pod: Pod) => pod.spec.containers[0].env.map(({ name }) => name);
const containerNamed = (pods: readonly Pod[], name: string) =>
  pods.filter(({ spec }) => spec.containers[0].name === name);

const hookOf = (weight: string) => ({
  'helm.sh/hook': 'pre-install,pre-upgrade',
  'helm.sh/hook-weight': weight,
});

/** What a test cannot show without its program: in CI that is a failure. */
it.runIf(isCi)('Helm and the validator are there to check the chart', () => {
  expect(helm).toBeDefined();
  expect(validator).toBe(true);
});

it('the schema of the values lists every variable without a secret as a setting', async () => {
  const schema = JSON.parse(await readFile(join(CHART, 'values.schema.json'), 'utf8')) as {
    properties: { settings: { properties: Record<string, unknown> } };
  };
  const notSettings = [...SECRET_VARIABLES, ...SET_BY_THE_CHART];
  const settings = Object.keys(environmentSchema.shape).filter((name) => !notSettings.includes(name));
  expect(Object.keys(schema.properties.settings.properties)).toEqual(settings.toSorted());
});

describe.skipIf(helm === undefined).each(VALUES)('the chart with %s', (valuesFile) => {
  let manifests: Manifest[];
  let pods: Pod[];

  beforeAll(async () => {
    manifests = await renderChart(valuesFile);
    pods = podsOf(manifests);
  });

  it('satisfies the linter', async () => {
    const { stdout } = await runHelm('lint', CHART, '--strict', '--values', join(CHART, 'ci', valuesFile));
    expect(stdout).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it.skipIf(!validator)('has no field that Kubernetes does not know', async () => {
    const workerDeployments = manifests.filter(({ kind }) => kind === 'WorkerDeployment');
    const asDeployments = workerDeployments.map(({ metadata, spec }) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: {}, template: spec?.['template'] },
    }));
    const builtIn = [...manifests.filter((manifest) => !isCustom(manifest)), ...asDeployments];
    const folder = await mkdtemp(join(tmpdir(), 'almanac-chart-'));
    try {
      const file = join(folder, 'manifests.yaml');
      await writeFile(file, builtIn.map((manifest) => stringify(manifest)).join('---\n'));
      const versions = KUBERNETES_VERSIONS.flatMap((version) => ['-k', version]);
      const { stdout } = await execute(PYTHON, ['-m', 'kubernetes_validate', '--strict', ...versions, file]);
      const lines = stdout.trim().split('\n');
      // A kind without a schema would be a warning, and pass.
      expect(lines.filter((line) => !line.startsWith('INFO'))).toEqual([]);
      expect(lines).toHaveLength(builtIn.length * KUBERNETES_VERSIONS.length);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has no field that the definitions of custom resources do not know', () => {
    for (const manifest of manifests.filter(isCustom)) {
      const { error } = customResourceSchema.safeParse(manifest);
      expect(error?.issues, `${manifest.kind} ${manifest.metadata.name}`).toBeUndefined();
    }
  });

  it('sets variables that exist, each once', () => {
    const known = [...Object.keys(environmentSchema.shape), ...TEMPORAL_VARIABLES];
    for (const pod of pods) {
      const names = variablesOf(pod);
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => !known.includes(name) && !name.startsWith('OTEL_'))).toEqual([]);
    }
  });

  it('gives every process the variables that it needs, with values that it accepts', () => {
    const filled: Record<string, string> = {
      DATABASE_URL: 'postgresql://almanac@postgres/almanac',
      TOKEN_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
      INTERNAL_TRIGGER_SECRET_KEY: 'x'.repeat(32),
      SMTP_URL: 'smtp://mail.example.com',
    };
    for (const name of ['worker', 'api', 'schedules']) {
      const found = containerNamed(pods, name);
      expect(found.length, name).toBeGreaterThan(0);
      for (const { spec } of found) {
        const values = spec.containers[0].env.map((variable) => [
          variable.name,
          variable.value ?? filled[variable.name] ?? 'secret',
        ]);
        expect(() => parseEnvironment(Object.fromEntries(values) as Record<string, string>)).not.toThrow();
      }
    }
    for (const pod of [...containerNamed(pods, 'worker'), ...containerNamed(pods, 'api')])
      expect(variablesOf(pod)).toEqual(expect.arrayContaining(['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET']));
    for (const pod of containerNamed(pods, 'migrate')) expect(variablesOf(pod)).toEqual(['DATABASE_URL']);
  });

  it('takes every secret from a Secret, and makes none itself', () => {
    for (const { env } of pods.map((pod) => pod.spec.containers[0]))
      for (const { name, value, valueFrom } of env) {
        expect(valueFrom !== undefined, name).toBe(SECRET_VARIABLES.includes(name));
        expect(value !== undefined, name).toBe(!SECRET_VARIABLES.includes(name));
      }
    expect(manifests.filter(({ kind }) => ['Secret', 'ConfigMap'].includes(kind))).toEqual([]);
  });

  it('gives each process a login of its own', () => {
    const keys = pods.map(({ spec: { containers } }) => [
      containers[0].name,
      containers[0].env.find(({ name }) => name === 'DATABASE_URL')?.valueFrom?.secretKeyRef.key,
    ]);
    expect(new Set(keys.map((pair) => pair.join(' ')))).toEqual(
      new Set(['migrate owner-url', 'schedules worker-url', 'worker worker-url', 'api api-url']),
    );
  });

  it('serves every task queue', () => {
    const queues = containerNamed(pods, 'worker').flatMap(
      ({ spec }) =>
        spec.containers[0].env.find(({ name }) => name === 'WORKER_TASK_QUEUES')?.value ??
        Object.values(TaskQueue),
    );
    expect(queues.toSorted()).toEqual(Object.values(TaskQueue).toSorted());
  });

  it('waits for a worker as long as its shutdown takes', () => {
    for (const { spec } of containerNamed(pods, 'worker'))
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(WORKER_SHUTDOWN_MS / SECOND_MS);
  });

  it('pins every image to a release or a digest', () => {
    for (const { spec } of pods)
      expect(spec.containers[0].image).toMatch(/^[\w./-]+(:\d+\.\d+\.\d+|@sha256:[0-9a-f]{64})$/);
  });

  it('runs migrations before schedules, and both before everything else', () => {
    const hooks = manifests.flatMap(({ kind, metadata: { name, annotations } }) =>
      kind === 'Job' ? [{ name, ...annotations }] : [],
    );
    expect(hooks.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      expect.objectContaining({ name: 'almanac-migrate', ...hookOf('0') }),
      expect.objectContaining({ name: 'almanac-schedules', ...hookOf('1') }),
    ]);
  });

  it('routes no probe and no metrics to the outside', () => {
    const routes = manifests.filter(({ kind }) => ['Ingress', 'HTTPRoute'].includes(kind));
    for (const route of routes) {
      const text = JSON.stringify(route);
      expect(text).toContain('"/api"');
      expect(text).not.toMatch(/metrics|readyz|livez/);
    }
  });
});

describe.skipIf(helm === undefined)('a wrong value', () => {
  const wrong: [setting: string, sentence: RegExp][] = [
    ['autoscaling.by=memory', /at '\/autoscaling\/by': value must be one of 'cpu', 'backlog', 'none'/],
    ['image.tag=latest', /at '\/image\/tag'/],
    [
      'workers.calendar-sink.replicas.min=1',
      /at '\/workers': additional properties 'calendar-sink' not allowed/,
    ],
    [
      'settings.GOOGLE_CLIENT_SECRET=abc',
      /at '\/settings': additional properties 'GOOGLE_CLIENT_SECRET' not allowed/,
    ],
    ['settings.OTEL_EXPORTER_OTLP_HEADERS=abc', /'OTEL_EXPORTER_OTLP_HEADERS' not allowed/],
    ['secrets.tokenEncryptionKey=abc', /at '\/secrets\/tokenEncryptionKey': got string, want object/],
    [
      'networkPolicies.postgres.port=70000',
      /at '\/networkPolicies\/postgres\/port': maximum: got 70,000, want 65,535/,
    ],
  ];

  it.each(wrong)('%s is refused with its name', async (setting, sentence) => {
    await expect(runHelm('template', 'almanac', CHART, '--set', setting)).rejects.toThrow(sentence);
  });
});
