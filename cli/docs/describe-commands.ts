import type { Command, Option } from 'commander';

const PREAMBLE = `
# Commands

This page is made from the program by \`npm run generate:docs\`.

Every command takes \`--json\` (JSON on stdout), \`--verbose\` (what is known about a failure) and \`--help\`. It exits with 0,
1 (failed) or 2 (wrong arguments or configuration). While \`npm start\` runs, commands in its folder find its Postgres,
Temporal and keys; explicit environment variables win.
`;

/** Named once, above. */
const EVERYWHERE = ['--json', '--verbose'];

/** The reference of a command line, as Markdown. */
export function describeCommands(program: Command): string {
  const commands = program.commands.filter((command) => command.name() !== 'help');
  return [PREAMBLE, ...commands.flatMap((command) => describeCommand(command, program.name(), 2))].join(
    '\n\n',
  );
}

function describeCommand(command: Command, parent: string, level: number): string[] {
  const name = `${parent} ${command.name()}`;
  const subcommands = command.commands.filter((one) => one.name() !== 'help');
  const isGroup = subcommands.length > 0 && command.registeredArguments.length === 0;
  return [
    `${'#'.repeat(level)} \`${name}\``,
    sentence(command.description()),
    ...(isGroup ? [] : [`\`\`\`text\n${usageOf(command, name)}\n\`\`\``, listOptions(command)]),
    ...subcommands.flatMap((one) => describeCommand(one, name, level + 1)),
  ];
}

function usageOf(command: Command, name: string): string {
  const words = command.registeredArguments.map((argument) => {
    const word = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${word}>` : `[${word}]`;
  });
  const required = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
  const hasOthers = optionsOf(command).some(({ mandatory }) => !mandatory);
  return [name, ...words, ...required, ...(hasOthers ? ['[options]'] : [])].join(' ');
}

function optionsOf(command: Command): Option[] {
  return command.options.filter(({ long }) => long === undefined || !EVERYWHERE.includes(long));
}

function listOptions(command: Command): string {
  return optionsOf(command)
    .map((option) => {
      const { flags, description, argChoices, defaultValue } = option;
      const details = [
        ...(argChoices ? [`one of ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`] : []),
        ...(typeof defaultValue === 'string' ? [`default \`${defaultValue}\``] : []),
      ];
      const suffix = details.length > 0 ? ` (${details.join('; ')})` : '';
      return `- \`${flags}\`: ${escape(description)}${suffix}`;
    })
    .join('\n');
}

function sentence(text: string): string {
  const escaped = escape(text);
  return `${escaped.charAt(0).toUpperCase()}${escaped.slice(1)}${/[.!?]$/.test(escaped) ? '' : '.'}`;
}

/** Code spans are legible as they are; elsewhere a placeholder would be taken for HTML. */
function escape(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/<([^>]+)>/g, '`<$1>`')))
    .join('');
}
