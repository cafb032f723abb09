import { readFileSync } from 'node:fs';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { processIdentity } from './processes/process-identity.ts';
import { stackPaths } from './stack-paths.ts';

/**
 * Variables with which other commands reach the stack: `DATABASE_URL`, `TEMPORAL_ADDRESS`, `GOOGLE_…` etc.
 */
export type StackEnvironment = Record<string, string>;

const addressesSchema = z.object({
  database: z.string(),
  temporal: z.string(),
  ui: z.string().nullable(),
  emulator: z.string().nullable(),
  api: z.string(),
  workerHealth: z.string(),
  metrics: z.string(),
});
/** Addresses of the parts, to be shown. The database URL is without its password. */
export type StackAddresses = z.infer<typeof addressesSchema>;

const stackFileSchema = z.object({
  /** ID of the process that runs the stack. */
  pid: z.int(),
  identity: z.string(),
  /** The processes of the stack; a native program comes before its leash. */
  parts: z.array(z.object({ name: z.string(), pids: z.array(z.int()) })),
  startedAt: z.string(),
  addresses: addressesSchema,
  environment: z.record(z.string(), z.string()),
});
export type StackFile = z.infer<typeof stackFileSchema>;

const OWNER_ONLY = 0o600;

/** Description of the stack that runs in `directory`; null when none runs. */
export function readRunningStack(directory: string): StackFile | null {
  let text: string;
  try {
    text = readFileSync(stackPaths(directory).stackFile, 'utf8');
  } catch {
    return null;
  }
  const parsed = stackFileSchema.safeParse(parseJson(text));
  if (!parsed.success || processIdentity(parsed.data.pid) !== parsed.data.identity) return null;
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Variables of the stack that `npm start` runs in `directory`; null when none runs. */
export async function readStackFile(directory: string): Promise<StackEnvironment | null> {
  return readRunningStack(directory)?.environment ?? null;
}

export async function writeStackFile(
  directory: string,
  stack: Omit<StackFile, 'pid' | 'identity'>,
): Promise<void> {
  const { stackFile } = stackPaths(directory);
  const own = { pid: process.pid, identity: processIdentity(process.pid) ?? '' };
  const unfinished = `${stackFile}.new`;
  await writeFile(unfinished, JSON.stringify({ ...own, ...stack }, null, 2), { mode: OWNER_ONLY });
  await chmod(unfinished, OWNER_ONLY);
  await rename(unfinished, stackFile);
}

export async function removeStackFile(directory: string): Promise<void> {
  await rm(stackPaths(directory).stackFile, { force: true });
}
