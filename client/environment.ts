import { type Environment, EnvironmentError, environmentSchema } from '../contracts/environment.ts';

/** Environment variables, as `process.env` has them. */
export type Variables = Record<string, string | undefined>;

/**
 * Parses the variables that a command needs and ignores the others: migrating needs no encryption key. Empty
 * variables count as unset.
 * @throws EnvironmentError with one line per missing or malformed variable.
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
