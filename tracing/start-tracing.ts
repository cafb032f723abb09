import { tracingSettings } from './settings.ts';
import type { Tracing } from './tracing.ts';

/**
 * Starts tracing this process if OpenTelemetry's variables ask for it. Otherwise returns null and loads none
 * of OpenTelemetry's libraries.
 */
export async function startTracing(variables: Record<string, string | undefined>): Promise<Tracing | null> {
  const settings = tracingSettings(variables);
  if (settings === null) return null;
  const { createTracing } = await import('./create-tracing.ts');
  return createTracing(settings);
}
