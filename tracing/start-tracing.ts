import { tracingSettings } from './settings.ts';
import type { Tracing } from './tracing.ts';

/**
 * Begins to trace this process when OpenTelemetry's variables ask for it; otherwise null, and none of its libraries
 * are loaded.
 */
export async function startTracing(variables: Record<string, string | undefined>): Promise<Tracing | null> {
  const settings = tracingSettings(variables);
  if (settings === null) return null;
  const { createTracing } = await import('./create-tracing.ts');
  return createTracing(settings);
}
