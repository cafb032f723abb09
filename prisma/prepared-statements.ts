import type { PrismaPg } from '@prisma/adapter-pg';
import { unboundText } from './bound-statement.ts';
import { Prisma } from './generated/client.ts';

const MARK = '/* prepared */';

/**
 * Begins a statement that each connection plans once, where planning costs as much as running it. Only for
 * statements whose text has few variants: every one is kept by every connection.
 *
 * @example
 * database.$queryRaw`${PREPARED} select … where id = ${id}`;
 */
export const PREPARED = Prisma.raw(MARK);

/** Postgres's own name of the statement that the next one replaces. */
const UNNAMED = '';
/** Variants that are kept; later ones are planned each time. */
const MOST_STATEMENTS = 200;

type NameStatement = NonNullable<
  NonNullable<ConstructorParameters<typeof PrismaPg>[1]>['statementNameGenerator']
>;

/** Creates a function that names the statements to prepare. The driver prepares none that has no name. */
export function nameStatements(): NameStatement {
  const names = new Map<string, string>();
  return (query) => {
    const sql = unboundText(query.sql);
    if (!sql.startsWith(MARK)) return UNNAMED;
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MOST_STATEMENTS) return UNNAMED;
    const name = `almanac_${names.size}`;
    names.set(sql, name);
    return name;
  };
}
