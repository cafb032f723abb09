/** One thing a migration does that the release before it may not survive. */
export interface Breach {
  rule: string;
  /** The clause, in one line. */
  clause: string;
}

const RULES: readonly { rule: string; pattern: RegExp }[] = [
  { rule: 'drops a table', pattern: /\bDROP TABLE\b/i },
  { rule: 'drops a column', pattern: /\bDROP COLUMN\b/i },
  { rule: 'renames', pattern: /\bRENAME\b/i },
  { rule: 'changes a type', pattern: /\bALTER COLUMN \S+ (SET DATA )?TYPE\b/i },
  { rule: 'makes a column required', pattern: /\bSET NOT NULL\b/i },
  { rule: 'takes a default away', pattern: /\bDROP DEFAULT\b/i },
  { rule: 'adds a required column', pattern: /\bADD COLUMN(?!.*\bDEFAULT\b).*\bNOT NULL\b/i },
  // An upsert names its index.
  { rule: 'drops an index', pattern: /\bDROP INDEX\b/i },
  { rule: 'rewrites rows', pattern: /^(WITH\b.*)?\b(UPDATE|DELETE FROM|TRUNCATE)\b(?! SET| CASCADE)/i },
];

/** Clauses of an ALTER TABLE stand one to a line. */
function clausesOf(sql: string): string[] {
  return sql
    .replaceAll(/^\s*--.*$/gm, '')
    .split(';')
    .flatMap((statement) => (/^\s*ALTER TABLE/i.test(statement) ? statement.split(/,\s*\n/) : [statement]))
    .map((clause) => clause.replaceAll(/\s+/g, ' ').trim())
    .filter((clause) => clause !== '');
}

/** Steps of a migration that are no expansion: they would break running workers of the release before. */
export function breachesOf(sql: string): Breach[] {
  return clausesOf(sql).flatMap((clause) =>
    RULES.filter(({ pattern }) => pattern.test(clause)).map(({ rule }) => ({ rule, clause })),
  );
}
