import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import type { Variables } from '../client/environment.ts';

/** Adds those variables of `.env` that `variables` lacks. */
export function loadDotEnv(directory: string, variables: Variables): void {
  const path = resolve(directory, '.env');
  if (!existsSync(path)) return;
  complete(variables, parse(readFileSync(path)));
}

/**
 * Adds missing variables, first from `.env`, then from the stack that `npm start` runs in `directory`. Those
 * in `variables` win.
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
