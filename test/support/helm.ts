import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { findHelm } from '../../dev/find-helm.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';

export const CHART = join(PROJECT_ROOT, 'deploy/helm/almanac');

/** Undefined where Helm is neither on the path nor built; CI builds it. */
export const helm = findHelm();

const execute = promisify(execFile);

/** Runs Helm, which reads no settings of the user's. */
export async function runHelm(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  if (helm === undefined) throw new Error('Helm is not installed.');
  return execute(helm, args, { env: { ...process.env, HELM_NO_PLUGINS: '1' }, maxBuffer: 16_000_000 });
}

const variableSchema = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .strictObject({ secretKeyRef: z.strictObject({ name: z.string(), key: z.string() }) })
    .optional(),
});

const podSchema = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()) }),
  spec: z.object({
    terminationGracePeriodSeconds: z.number(),
    automountServiceAccountToken: z.literal(false),
    securityContext: z.object({
      runAsNonRoot: z.literal(true),
      seccompProfile: z.object({ type: z.literal('RuntimeDefault') }),
    }),
    containers: z.tuple([
      z.object({
        name: z.string(),
        image: z.string(),
        args: z.array(z.string()),
        env: z.array(variableSchema),
        resources: z.object({
          requests: z.record(z.string(), z.string()),
          limits: z.object({ memory: z.string() }),
        }),
        securityContext: z.object({
          allowPrivilegeEscalation: z.literal(false),
          readOnlyRootFilesystem: z.literal(true),
          capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
        }),
      }),
    ]),
  }),
});
export type Pod = z.infer<typeof podSchema>;

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.record(z.string(), z.unknown()).optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The chart's manifests with one of the files in `ci/`, in the order of their templates. */
export async function renderChart(valuesFile: string, ...more: string[]): Promise<Manifest[]> {
  const values = join(CHART, 'ci', valuesFile);
  const { stdout } = await runHelm('template', 'almanac', CHART, '--values', values, ...more);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as unknown)
    .filter((document) => document !== null)
    .map((document) => manifestSchema.parse(document));
}

/** Pods of Deployments, jobs and WorkerDeployments. */
export function podsOf(manifests: readonly Manifest[]): Pod[] {
  return manifests.flatMap(({ kind, spec }) =>
    ['Deployment', 'Job', 'WorkerDeployment'].includes(kind) ? [podSchema.parse(spec?.['template'])] : [],
  );
}
