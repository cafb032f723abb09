import { invalidBody } from '../http/google-error.ts';
import { parseRule, ruleBetween } from '../recurrence/rule.ts';

const LINE = /^(RRULE|EXRULE|RDATE|EXDATE)[;:]/i;
const FREQUENCY = /(^|;)FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;|$)/i;

/** Refuses the rules in `recurrence[]` that Google refuses. An empty list means no recurrence. */
export function normalizeRecurrence(input: unknown): string[] | undefined {
  if (input === undefined || input === null) return undefined;
  if (!Array.isArray(input) || !input.every((line) => typeof line === 'string')) {
    throw invalidBody('Invalid recurrence rule.');
  }
  if (input.length === 0) return undefined;
  for (const line of input) {
    if (!LINE.test(line)) throw invalidBody('Invalid recurrence rule.');
    if (/^(RRULE|EXRULE):/i.test(line)) checkRule(line.slice(line.indexOf(':') + 1));
  }
  return input;
}

function checkRule(rule: string): void {
  if (!FREQUENCY.test(rule) || (/COUNT=/i.test(rule) && /UNTIL=/i.test(rule))) {
    throw invalidBody('Invalid recurrence rule.');
  }
  try {
    const anyMoment = new Date(0);
    ruleBetween({ ...parseRule(rule), dtstart: anyMoment }, anyMoment, anyMoment);
  } catch {
    throw invalidBody('Invalid recurrence rule.');
  }
}
