import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../../dev/project-root.ts';
import { breachesOf } from './migration-rules.ts';

const MIGRATIONS = join(PROJECT_ROOT, 'prisma', 'migrations');

/**
 * What has been looked at and is safe: `migration: rule` and why. To contract, a release stops using what a later
 * one then drops.
 */
const SAFE: Record<string, string> = {
  '20261121100000_operations: rewrites rows': 'fills a column that it adds itself',
  '20261121300000_letters_of_the_installation: drops an index':
    'was before the first release: a worker of the version before opens no dead letters until it is replaced',
  '20261121300000_letters_of_the_installation: rewrites rows':
    'closes dead letters that one dead letter of the installation replaces; a version before may open them again',
  '20261121310000_audits: rewrites rows': 'fills a column that it adds itself',
  '20261121400000_change_log: drops a column': 'a number that no statement of the version before names',
  '20261121400000_change_log: drops an index': 'no upsert names it: it is not unique',
  '20261121400000_change_log: rewrites rows': 'fills a column that it adds itself',
  '20261129050100_busy_flags: rewrites rows':
    'brings flags in line with the stored events; a worker of the version before only reads them to plan',
  '20261129080010_verified_addresses: rewrites rows': 'fills a column that it adds itself',
  '20261129090000_meetings: rewrites rows':
    'says why a block is pinned, which a worker of the version before takes for any pinned block',
};

const rulesOf = (sql: string) => breachesOf(sql).map(({ rule }) => rule);

describe('a migration', () => {
  it('only expands, but for what has been found safe', () => {
    const breaches = readdirSync(MIGRATIONS, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) =>
        breachesOf(readFileSync(join(MIGRATIONS, name, 'migration.sql'), 'utf8')).map(
          ({ rule }) => `${name}: ${rule}`,
        ),
      );
    // Each line here would fail under a worker of the release before: expand first, contract one release later.
    expect([...new Set(breaches)].toSorted()).toEqual(Object.keys(SAFE).toSorted());
  });

  it.each([
    ['drops a table', 'DROP TABLE "tasks"'],
    ['drops a column', 'ALTER TABLE "tasks"\n  ADD COLUMN "a" TEXT,\n  DROP COLUMN "title"'],
    ['renames', 'ALTER TABLE "tasks" RENAME COLUMN "title" TO "name"'],
    ['changes a type', 'ALTER TABLE "tasks" ALTER COLUMN "title" TYPE INTEGER'],
    ['changes a type', 'ALTER TABLE "tasks" ALTER COLUMN "title" SET DATA TYPE INTEGER'],
    ['makes a column required', 'ALTER TABLE "tasks" ALTER COLUMN "deadline" SET NOT NULL'],
    ['takes a default away', 'ALTER TABLE "tasks" ALTER COLUMN "hours" DROP DEFAULT'],
    ['adds a required column', 'ALTER TABLE "tasks" ADD COLUMN "owner" TEXT NOT NULL'],
    ['drops an index', 'DROP INDEX IF EXISTS "tasks_key"'],
    ['rewrites rows', `UPDATE "tasks" SET "title" = ''`],
    ['rewrites rows', 'WITH "old" AS (SELECT 1) DELETE FROM "tasks"'],
  ])('is found to be none that only expands where it %s: %s', (rule, sql) => {
    expect(rulesOf(`-- Said before.\n${sql};`)).toEqual([rule]);
  });

  it.each([
    'ALTER TABLE "tasks" ADD COLUMN "owner" TEXT',
    `ALTER TABLE "tasks" ADD COLUMN "owner" TEXT NOT NULL DEFAULT ''`,
    'CREATE TABLE "more" ("id" TEXT NOT NULL)',
    'ALTER TABLE "a" ADD CONSTRAINT "b" FOREIGN KEY ("c") REFERENCES "d"("e") ON DELETE CASCADE ON UPDATE CASCADE',
    'ALTER TABLE "a" ADD CONSTRAINT "b" FOREIGN KEY ("c") REFERENCES "d"("e") ON DELETE SET NULL ON UPDATE CASCADE',
    '-- DROP TABLE "tasks"',
  ])('may expand: %s', (sql) => {
    expect(rulesOf(sql)).toEqual([]);
  });
});
