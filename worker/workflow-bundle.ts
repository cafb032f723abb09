import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { BundleOptions } from './bundle-workflows.ts';

/** The build puts both bundles beside the compiled workflows. */
const PREBUILT = fileURLToPath(new URL('../workflows/bundle.js', import.meta.url));
const PREBUILT_TRACED = fileURLToPath(new URL('../workflows/bundle-traced.js', import.meta.url));

/** The prebuilt bundle, or in a checkout without a build a new one, which takes seconds. */
export async function workflowBundle({ traced }: BundleOptions): Promise<WorkflowBundleOption> {
  const codePath = traced ? PREBUILT_TRACED : PREBUILT;
  if (existsSync(codePath)) return { codePath };
  const { bundleWorkflows } = await import('./bundle-workflows.ts');
  return bundleWorkflows({ traced });
}
