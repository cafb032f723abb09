import type { Command } from 'commander';
import { printHint, printJson, printLine, printTable } from '../../terminal/output.ts';
import { collect } from '../../terminal/collect.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface CreateOptions extends CommonOptions {
  name: string;
  calendar?: string[];
  full?: boolean;
}

export function registerFeed(program: Command): void {
  const feed = program.command('feed').description('publish calendars as iCalendar at secret addresses');

  withCommonOptions(feed.command('create <workspace>'))
    .description('create a feed; its address is shown only once')
    .requiredOption('--name <name>', 'name that calendar programs show, at most 100 characters')
    .option('--calendar <id>', 'only this calendar; repeatable (default: every enabled one)', collect)
    .option('--full', 'titles, places and descriptions (default: only times that are taken up)')
    .action((workspaceId: string, options: CreateOptions) =>
      runCommand(options, async ({ json, database, variables }) => {
        const { createFeed } = await import('../../services/feeds/feeds.ts');
        const { name, calendar: calendarIds, full = false } = options;
        const detail = full ? ('full' as const) : ('busy' as const);
        const created = await createFeed(await database(), workspaceId, { name, calendarIds, detail });
        if (json) return printJson(created);
        printHint(`Feed ${created.id} is created. Store its address: it is not shown again.`);
        const { apiAddress } = await import('../api-address.ts');
        printLine(`${apiAddress(variables)}${created.path}`);
      }),
    );

  withCommonOptions(feed.command('list <workspace>'))
    .description('list the feeds, without their addresses')
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listFeeds } = await import('../../services/feeds/feeds.ts');
        const feeds = await listFeeds(await database(), workspaceId);
        if (json) return printJson(feeds);
        await printTable(
          ['feed', 'name', 'detail', 'calendars', 'made', 'last read'],
          feeds.map(({ id, name, detail, calendarIds, createdAt, lastReadAt }) => [
            id,
            name,
            detail,
            calendarIds.length === 0 ? 'all' : calendarIds.length,
            createdAt,
            lastReadAt,
          ]),
          `Workspace ${workspaceId} has no feed. Run \`almanac feed create ${workspaceId} --name <name>\` to create one.`,
        );
      }),
    );

  withCommonOptions(feed.command('revoke <workspace> <feed>'))
    .description('revoke a feed at once')
    .action((workspaceId: string, id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { revokeFeed } = await import('../../services/feeds/feeds.ts');
        const revoked = await revokeFeed(await database(), workspaceId, id);
        if (json) return printJson(revoked);
        printLine(`Feed ${revoked.id} is revoked.`);
      }),
    );
}
