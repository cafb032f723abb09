import type { OpenAPIV3_1 } from 'openapi-types';
import { pino } from 'pino';
import { parseEnvironment } from '../contracts/environment.ts';
import { createPrismaClient } from '../prisma/client.ts';
import { createAlmanacClient } from '../client/almanac-client.ts';
import { lazyTemporal, temporalSettings } from '../client/temporal-client.ts';
import { createApi } from './server.ts';

/** Placeholders: connections are opened on first use, and describing the API uses none. */
const VARIABLES = {
  DATABASE_URL: 'postgresql://localhost/nothing',
  TOKEN_ENCRYPTION_KEY: `${'A'.repeat(43)}=`,
};

/** The OpenAPI document of the API. Needs no running server. */
export async function describeApi(): Promise<OpenAPIV3_1.Document> {
  const environment = parseEnvironment(VARIABLES);
  const database = createPrismaClient({ databaseUrl: environment.DATABASE_URL, poolSize: 1 });
  const temporal = lazyTemporal(temporalSettings(VARIABLES), []);
  const almanac = createAlmanacClient({ temporal, database });
  const logger = pino({ level: 'silent' });
  const app = await createApi({ environment, database, temporal, almanac, logger, now: () => new Date() });
  try {
    await app.ready();
    return app.swagger() as OpenAPIV3_1.Document;
  } finally {
    await app.close();
    await database.$disconnect();
    await temporal.connection.close();
  }
}
