import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeApi } from '../api/openapi-document.ts';
import { PROJECT_ROOT } from './project-root.ts';

const DOCUMENT = join(PROJECT_ROOT, 'api', 'generated', 'openapi.json');
const TYPES = join(PROJECT_ROOT, 'api', 'generated', 'openapi-types.ts');
/**
 * The generator needs the JavaScript API of TypeScript 5, which version 7 lacks, so `npm exec` fetches both.
 */
const GENERATOR = ['--package=openapi-typescript@7.13.0', '--package=typescript@5.9.3'];

/** Writes the OpenAPI document and the client types generated from it. */
const text = `${JSON.stringify(await describeApi(), null, 2)}\n`;
writeFileSync(DOCUMENT, text);
await promisify(execFile)(
  'npm',
  ['exec', '--yes', ...GENERATOR, '--', 'openapi-typescript', DOCUMENT, '--output', TYPES],
  { cwd: PROJECT_ROOT },
);
const digest = createHash('sha256').update(text).digest('hex');
writeFileSync(
  TYPES,
  `// Made by \`npm run generate:api\` from the openapi.json with SHA-256 ${digest}.\n${readFileSync(TYPES, 'utf8')}`,
);
process.stdout.write('api/generated/openapi.json and api/generated/openapi-types.ts are written.\n');
process.exit();
