import { z } from 'zod';

/**
 * The fields that the chart sets of kinds that are no part of Kubernetes. A field or a name that their definitions do
 * not have is refused here; the definitions were read at KEDA 2.22, Prometheus Operator 0.80, Gateway API 1.3 and
 * Temporal's Worker Controller 1.8.1.
 */
const metadata = z.strictObject({
  name: z.string().max(63),
  labels: z.record(z.string(), z.string().max(63)),
});
const named = z.strictObject({ name: z.string() });
const keyOfSecret = z.strictObject({ name: z.string(), key: z.string() });
const resource = <K extends string, S extends z.ZodType>(apiVersion: string, kind: K, spec: S) =>
  z.strictObject({ apiVersion: z.literal(apiVersion), kind: z.literal(kind), metadata, spec });

const selector = z.strictObject({ matchLabels: z.record(z.string(), z.string()) });
const endpoint = z.strictObject({ port: z.string(), path: z.string(), interval: z.string() });

export const customResourceSchema = z.discriminatedUnion('kind', [
  resource(
    'keda.sh/v1alpha1',
    'ScaledObject',
    z.strictObject({
      scaleTargetRef: named,
      pollingInterval: z.int(),
      cooldownPeriod: z.int(),
      minReplicaCount: z.int(),
      maxReplicaCount: z.int(),
      triggers: z.tuple([
        z.strictObject({
          type: z.literal('temporal'),
          // KEDA takes strings only.
          metadata: z.strictObject({
            endpoint: z.string(),
            namespace: z.string(),
            taskQueue: z.string(),
            queueTypes: z.string(),
            targetQueueSize: z.string().regex(/^\d+$/),
            tlsServerName: z.string().optional(),
          }),
          authenticationRef: named.optional(),
        }),
      ]),
    }),
  ),
  resource(
    'keda.sh/v1alpha1',
    'TriggerAuthentication',
    z.strictObject({
      secretTargetRef: z.array(keyOfSecret.extend({ parameter: z.enum(['apiKey', 'cert', 'key']) })).min(1),
    }),
  ),
  resource(
    'monitoring.coreos.com/v1',
    'PodMonitor',
    z.strictObject({ selector, podMetricsEndpoints: z.array(endpoint) }),
  ),
  resource(
    'monitoring.coreos.com/v1',
    'ServiceMonitor',
    z.strictObject({ selector, endpoints: z.array(endpoint) }),
  ),
  resource(
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    z.strictObject({
      parentRefs: z.array(z.strictObject({ name: z.string(), namespace: z.string().optional() })).min(1),
      hostnames: z.array(z.string()),
      rules: z.array(
        z.strictObject({
          matches: z
            .array(
              z.strictObject({
                path: z.strictObject({ type: z.enum(['Exact', 'PathPrefix']), value: z.string() }),
              }),
            )
            .max(64),
          backendRefs: z.array(z.strictObject({ name: z.string(), port: z.int() })),
        }),
      ),
    }),
  ),
  resource(
    'temporal.io/v1alpha1',
    'Connection',
    z.strictObject({
      hostPort: z.string().regex(/^[a-zA-Z0-9.-]+:[0-9]+$/),
      apiKeySecretRef: keyOfSecret.optional(),
      mutualTLSSecretRef: named.optional(),
      tls: z.strictObject({ serverName: z.string() }).optional(),
    }),
  ),
  resource(
    'temporal.io/v1alpha1',
    'WorkerDeployment',
    z.strictObject({
      workerOptions: z.strictObject({ connectionRef: named, temporalNamespace: z.string() }),
      rollout: z.strictObject({
        strategy: z.enum(['Manual', 'AllAtOnce', 'Progressive']),
        steps: z
          .array(z.strictObject({ rampPercentage: z.int().min(1).max(99), pauseDuration: z.string() }))
          .max(20)
          .optional(),
      }),
      sunset: z.strictObject({ scaledownDelay: z.string(), deleteDelay: z.string() }),
      // A pod, checked as that of a Deployment.
      template: z.record(z.string(), z.unknown()),
    }),
  ),
  resource(
    'temporal.io/v1alpha1',
    'WorkerResourceTemplate',
    z.strictObject({
      workerDeploymentRef: named,
      template: z.strictObject({
        apiVersion: z.literal('autoscaling/v2'),
        kind: z.literal('HorizontalPodAutoscaler'),
        // Empty: the controller fills the target in.
        spec: z.looseObject({ scaleTargetRef: z.strictObject({}) }),
      }),
    }),
  ),
]);

/** Groups whose kinds are looked at here. */
export const CUSTOM_GROUPS = [
  'keda.sh/',
  'monitoring.coreos.com/',
  'gateway.networking.k8s.io/',
  'temporal.io/',
];
