import { createAlmanacApi } from 'almanac/api';
import { followChanges } from './follow-changes.ts';
import { MemoryCopy } from './memory-copy.ts';

const [workspaceId = 'acme-berlin', option] = process.argv.slice(2);
const { ALMANAC_URL: url = 'http://localhost:8090', ALMANAC_KEY: key = '' } = process.env;

const api = createAlmanacApi({ url, key });
const copy = new MemoryCopy();
for (;;) {
  const applied = await followChanges(api, workspaceId, copy, option === '--follow' ? 55 : 0);
  process.stdout.write(`${applied} changes applied, ${copy.events.size} events in the copy\n`);
  if (option !== '--follow') break;
}
