import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** `.ts` in a checkout, where tests run from the sources; `.js` in the build. */
function workflowsPath(): string {
  const source = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
  return existsSync(source) ? source : source.replace(/\.ts$/, '.js');
}

export interface BundleOptions {
  /** Whether OpenTelemetry is included, which doubles the size: only for workers that trace. */
  traced: boolean;
}

const TRACING = '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors';

/**
 * Bundles the workflows into one script for the worker. It takes seconds, so production bundles at build
 * time.
 */
export async function bundleWorkflows(
  { traced }: BundleOptions = { traced: false },
): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: workflowsPath(),
    workflowInterceptorModules: traced ? [createRequire(import.meta.url).resolve(TRACING)] : [],
    logger: new DefaultLogger('WARN'),
  });
}
