import type { Command } from 'commander';
import type { Database } from '../../prisma/client.ts';
import { readClock } from '../../prisma/read-clock.ts';
import { printHint, printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import { DAY_MS } from '../../contracts/durations.ts';

const MOST_DAYS = 3_650;

interface CreateOptions extends CommonOptions {
  name: string;
  workspace?: string;
  admin?: boolean;
  readOnly?: boolean;
  expiresInDays?: number;
}

async function keyContext(open: () => Promise<Database>) {
  const database = await open();
  return { database, now: () => readClock(database) };
}

export function registerKey(program: Command): void {
  const key = program.command('key').description('manage the keys of the API');

  withCommonOptions(key.command('create'))
    .description('create a key for one workspace or for an admin; it is shown only once')
    .requiredOption('--name <name>', 'purpose of the key, at most 100 characters')
    .option('--workspace <id>', 'valid for this workspace only')
    .option('--admin', 'valid for every workspace')
    .option('--read-only', 'may change nothing')
    .option('--expires-in-days <n>', 'days until it expires (default: never)', toWholeNumber(1, MOST_DAYS))
    .action((options: CreateOptions) =>
      runCommand(options, async ({ json, database }) => {
        const [{ createApiKey }, { InvalidInputError }] = await Promise.all([
          import('../../services/keys/api-keys.ts'),
          import('../../services/errors.ts'),
        ]);
        const { name, workspace: workspaceId, admin = false, readOnly, expiresInDays: days } = options;
        if (admin === (workspaceId !== undefined)) {
          throw new InvalidInputError('workspace', 'or --admin must be given, and not both');
        }
        const context = await keyContext(database);
        const at = await context.now();
        const expiresAt = days === undefined ? undefined : new Date(at.getTime() + days * DAY_MS);
        const created = await createApiKey(context, { name, workspaceId, readOnly, expiresAt });
        if (json) return printJson(created);
        printHint(`Key ${created.id} is created. Store it: it is not shown again.`);
        printLine(created.key);
      }),
    );

  withCommonOptions(key.command('list'))
    .description('list the keys, without their secrets')
    .option('--workspace <id>', 'only those of this workspace')
    .action((options: CommonOptions & { workspace?: string }) =>
      runCommand(options, async ({ json, database }) => {
        const { listApiKeys } = await import('../../services/keys/api-keys.ts');
        const keys = await listApiKeys(await keyContext(database), { workspaceId: options.workspace });
        if (json) return printJson(keys);
        await printTable(
          ['key', 'name', 'workspace', 'may', 'status', 'made', 'expires', 'last used'],
          keys.map((each) => [
            each.id,
            each.name,
            each.workspaceId ?? '(admin)',
            each.readOnly ? 'read' : 'read and change',
            each.status,
            each.createdAt,
            each.expiresAt,
            each.lastUsedAt,
          ]),
          'There is no key. Run `almanac key create --name <name> --workspace <id>` to create one.',
        );
      }),
    );

  withCommonOptions(key.command('revoke <key>'))
    .description('revoke a key at once')
    .action((id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { revokeApiKey } = await import('../../services/keys/api-keys.ts');
        const revoked = await revokeApiKey(await keyContext(database), id);
        if (json) return printJson(revoked);
        printLine(`Key ${revoked.id} is revoked.`);
      }),
    );
}
