// The package is CommonJS behind types that claim ES modules.
// oxlint-disable-next-line import/default
import rruleModule from 'rrule';

type RuleOptions = Partial<ConstructorParameters<typeof rruleModule.RRule>[0]>;

// At run time only the default import exists.
// oxlint-disable-next-line import/no-named-as-default-member
const { RRule } = rruleModule;

/** Parses the value of an RRULE; throws if it is none. */
export function parseRule(rule: string): RuleOptions {
  return RRule.parseString(rule);
}

/** Occurrences of a rule between two moments, both included, on wall time read as if it were UTC. */
export function ruleBetween(options: RuleOptions, after: Date, before: Date): Date[] {
  return new RRule(options).between(after, before, true);
}
