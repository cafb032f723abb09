import type { Command } from 'commander';
import { collect } from '../../terminal/collect.ts';
import { printHint, printJson, printLine, printTable } from '../../terminal/output.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

/** A day. */
const MOST_MINUTES = 1_440;

interface CreateOptions extends CommonOptions {
  frameOrigin: string;
  calendar?: string[];
  minutes?: number;
  timeZone?: string;
}

export function registerEmbed(program: Command): void {
  const embed = program.command('embed').description('show calendars, read-only, in a frame of another page');

  withCommonOptions(embed.command('create <workspace>'))
    .description('make a link for a frame; it is shown only once')
    .requiredOption(
      '--frame-origin <origin>',
      'origin of the pages with the frame, like https://app.example.com',
    )
    .option('--calendar <id>', 'only this calendar; repeatable (default: every enabled one)', collect)
    .option('--minutes <n>', 'minutes until it expires (default: 60)', toWholeNumber(1, MOST_MINUTES))
    .option('--time-zone <zone>', 'time zone of the view (default: the workspace’s)')
    .action((workspaceId: string, options: CreateOptions) =>
      runCommand(options, async ({ json, database, variables }) => {
        const [{ createEmbedLink }, { apiAddress }] = await Promise.all([
          import('../../services/feeds/embed-links.ts'),
          import('../api-address.ts'),
        ]);
        const { frameOrigin, calendar: calendarIds, minutes: expiresInMinutes, timeZone } = options;
        const input = { frameOrigin, calendarIds, expiresInMinutes, timeZone };
        const { path, ...link } = await createEmbedLink(await database(), workspaceId, input);
        const url = `${new URL(apiAddress(variables)).origin}${path}`;
        if (json) return printJson({ ...link, url });
        printHint(`Link ${link.id} is made. It expires at ${link.expiresAt}, and is not shown again.`);
        printLine(url);
      }),
    );

  withCommonOptions(embed.command('list <workspace>'))
    .description('list the links that have not expired, without their addresses')
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listEmbedLinks } = await import('../../services/feeds/embed-links.ts');
        const links = await listEmbedLinks(await database(), workspaceId);
        if (json) return printJson(links);
        await printTable(
          ['link', 'for pages of', 'calendars', 'time zone', 'made', 'expires'],
          links.map(({ id, frameOrigin, calendarIds, timeZone, createdAt, expiresAt }) => [
            id,
            frameOrigin,
            calendarIds.length === 0 ? 'all' : calendarIds.length,
            timeZone,
            createdAt,
            expiresAt,
          ]),
          `Workspace ${workspaceId} has no embed link. Run \`almanac embed create ${workspaceId} --frame-origin <origin>\` to make one.`,
        );
      }),
    );

  withCommonOptions(embed.command('revoke <workspace> <link>'))
    .description('revoke a link at once')
    .action((workspaceId: string, id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { revokeEmbedLink } = await import('../../services/feeds/embed-links.ts');
        const revoked = await revokeEmbedLink(await database(), workspaceId, id);
        if (json) return printJson(revoked);
        printLine(`Link ${revoked.id} is revoked.`);
      }),
    );
}
