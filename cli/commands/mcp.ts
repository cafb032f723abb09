import type { Command } from 'commander';
import { runCommand } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface McpOptions extends CommonOptions {
  url?: string;
}

export function registerMcp(program: Command): void {
  program
    .command('mcp')
    .description('serve tools for models over standard input and output (MCP), with the key in ALMANAC_KEY')
    .option('--url <url>', 'origin of the API (default: ALMANAC_URL, or where the API listens)')
    .option('--verbose', 'print the details of a failure')
    .action((options: McpOptions) =>
      runCommand(options, async ({ variables }) => {
        const { serveMcp } = await import('../serve-mcp.ts');
        await serveMcp(variables, options.url);
      }),
    );
}
