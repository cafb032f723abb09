import { createAlmanacApi } from 'almanac/api';
import { findSlots } from './find-slots.ts';

const workspaceIds = process.argv.slice(2);
const { ALMANAC_URL: url = 'http://localhost:8090', ALMANAC_KEY: key = '' } = process.env;

const slots = await findSlots(createAlmanacApi({ url, key }), workspaceIds);
for (const { start, end } of slots) process.stdout.write(`${start} to ${end}\n`);
