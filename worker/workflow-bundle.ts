import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundleOption } from '@temporalio/worker';

/** The build puts it beside the compiled workflows. */
const PREBUILT = fileURLToPath(new URL('../workflows/bundle.js', import.meta.url));

/** The bundle that the build made; a checkout that was never built bundles now, which takes seconds. */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  if (existsSync(PREBUILT)) return { codePath: PREBUILT };
  const { bundleWorkflows } = await import('./bundle-workflows.ts');
  return bundleWorkflows();
}
