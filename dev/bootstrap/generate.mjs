import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, readOrNull } from './fingerprint.mjs';
import { MODULES, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { step } from './report.mjs';

const STAMP = join(ROOT, 'prisma', 'generated', '.schema');

function currentStamp() {
  const { version } = JSON.parse(readFileSync(join(MODULES, 'prisma', 'package.json'), 'utf8'));
  return fingerprint([version, readFileSync(join(ROOT, 'prisma', 'schema.prisma'), 'utf8')]);
}

export function isClientCurrent() {
  return readOrNull(STAMP) === currentStamp();
}

export async function generateClient() {
  const prisma = join(MODULES, 'prisma', 'build', 'index.js');
  // `prisma generate` downloads an engine binary unless it is given one, and never runs it: any file will do.
  const env = {
    PRISMA_SCHEMA_ENGINE_BINARY: prisma,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  await step('Generating the database client', () =>
    run(process.execPath, [prisma, 'generate', '--no-hints'], { env, what: 'prisma generate' }),
  );
  writeFileSync(STAMP, currentStamp());
}
