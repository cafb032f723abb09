import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import { type Environment, EnvironmentError, environmentSchema } from '../contracts/environment.ts';

/** Environment variables, as `process.env` has them. */
export type Variables = Record<string, string | undefined>;

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

/**
 * Parses the variables that a command needs and leaves the others alone: migrating takes no encryption key.
 * Empty variables count as unset.
 * @throws EnvironmentError with one line per variable that is missing or malformed.
 */
export function requireVariables<Name extends keyof Environment>(
  variables: Variables,
  ...names: Name[]
): Pick<Environment, Name> {
  const problems: string[] = [];
  const values = names.map((name) => {
    const parsed = environmentSchema.shape[name].safeParse(variables[name] || undefined);
    if (!parsed.success) problems.push(`${name} ${parsed.error.issues[0]?.message}.`);
    return [name, parsed.data];
  });
  if (problems.length > 0) throw new EnvironmentError(problems.join('\n'));
  const found: Pick<Environment, Name> = Object.fromEntries(values);
  return found;
}
