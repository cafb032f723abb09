import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import type { Variables } from '../client/environment.ts';

/** Sets the variables of `.env` that `variables` does not have. */
export function loadDotEnv(directory: string, variables: Variables): void {
  const path = resolve(directory, '.env');
  if (!existsSync(path)) return;
  complete(variables, parse(readFileSync(path)));
}

/**
 * Completes `variables`, which win, with `.env` and then with those of a stack that `npm start` runs in
 * `directory`.
 */
export async function loadVariables(directory: string, variables: Variables): Promise<void> {
  loadDotEnv(directory, variables);
  const { readStackFile } = await import('../dev/stack-file.ts');
  complete(variables, (await readStackFile(directory)) ?? {});
}

/** An empty variable counts as unset. */
function complete(variables: Variables, more: Variables): void {
  for (const [name, value] of Object.entries(more)) if (value) variables[name] ||= value;
}
