import { defineConfig } from 'prisma/config';

/** For authors only (`prisma generate`, `prisma format`): the application reads its own configuration. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
