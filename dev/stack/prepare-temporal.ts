import { applySchedules } from '../../client/schedules.ts';
import { ensureSearchAttributes } from '../../client/search-attributes.ts';
import { connectTemporal, temporalSettings } from '../../client/temporal-client.ts';
import type { StackEnvironment } from '../stack-file.ts';

/** Declares the search attributes and creates or updates the schedules. */
export async function prepareTemporal(environment: StackEnvironment): Promise<void> {
  const temporal = await connectTemporal(temporalSettings(environment));
  try {
    await ensureSearchAttributes(temporal);
    await applySchedules(temporal);
  } finally {
    await temporal.connection.close();
  }
}
