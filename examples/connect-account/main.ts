import { createServer } from 'node:http';
import { createAlmanacApi } from 'almanac/api';
import { createBackend } from './backend.ts';

const PORT = 3000;
const { ALMANAC_URL: url = 'http://localhost:8090', ALMANAC_KEY: key = '' } = process.env;

const origin = `http://localhost:${PORT}`;
const api = createAlmanacApi({ url, key });
// A real product finds the workspace by the session of the request.
createServer(createBackend({ api, origin, workspaceOf: () => 'acme-berlin' })).listen(PORT, 'localhost', () =>
  process.stdout.write(`Open ${origin}/connect\n`),
);
