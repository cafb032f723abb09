import type { Command } from 'commander';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { readInputFile } from '../read-input-file.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';
import type { ApplyCommand } from '../run-template-apply.ts';

const FILE_HELP = `
{"tasks": [{"name": "outline", "title": "Outline", "durationMinutes": 60, "deadlineDay": 7},
           {"name": "draft", "title": "Draft", "durationMinutes": 240, "earliestDay": 2, "after": ["outline"]}],
 "habits": [{"name": "review", "title": "Review", "rrule": "FREQ=WEEKLY;BYDAY=FR", "durationMinutes": 30}]}`;

export function registerTemplate(program: Command): void {
  const template = program
    .command('template')
    .description('manage sets of tasks and habits, with days that count from the start of each application');

  withCommonOptions(template.command('create <name> <file>'))
    .description('store a template from a JSON file; - is standard input')
    .addHelpText('after', FILE_HELP)
    .action((name: string, file: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const content = await readContent(file);
        const { createTemplate } = await import('../../services/planning/templates.ts');
        const created = await createTemplate(await database(), { ...content, name });
        if (json) return printJson(created);
        printLine(
          `Template ${name} is stored. Run \`almanac task apply-template <workspace> ${name}\` to use it.`,
        );
      }),
    );

  withCommonOptions(template.command('change <name> <file>'))
    .description('replace what a template makes; what was made with it stays')
    .addHelpText('after', FILE_HELP)
    .action((name: string, file: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const content = await readContent(file);
        const { changeTemplate } = await import('../../services/planning/templates.ts');
        const changed = await changeTemplate(await database(), name, content);
        if (json) return printJson(changed);
        printLine(`Template ${name} is changed. What was made with it stays.`);
      }),
    );

  withCommonOptions(template.command('list'))
    .description('list the templates')
    .action((options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listTemplates } = await import('../../services/planning/templates.ts');
        const templates = await listTemplates(await database());
        if (json) return printJson(templates);
        await printTable(
          ['template', 'tasks', 'habits'],
          templates.map(({ name, tasks, habits }) => [name, tasks, habits]),
          'There is no template.',
        );
      }),
    );

  withCommonOptions(template.command('show <name>'))
    .description('print a template as JSON')
    .action((name: string, options: CommonOptions) =>
      runCommand(options, async ({ database }) => {
        const { readTemplate } = await import('../../services/planning/templates.ts');
        printJson(await readTemplate(await database(), name));
      }),
    );

  withCommonOptions(template.command('delete <name>'))
    .description('delete a template; what was made with it stays')
    .action((name: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { removeTemplate } = await import('../../services/planning/templates.ts');
        await removeTemplate(await database(), name);
        if (json) return printJson({ name, removed: true });
        printLine(`Template ${name} is deleted.`);
      }),
    );

  withCommonOptions(template.command('apply <name>'))
    .description('make the tasks and habits of a template in many workspaces')
    .requiredOption('--start <date>', 'day from which the days of the template count, such as 2026-12-01')
    .option('--workspace <ids>', 'IDs of workspaces, separated by commas')
    .option('--all', 'every workspace')
    .option('--id <uuid>', 'ID of the application: the same one makes nothing twice (default: a new one)')
    .option('--wait', 'wait until it has ended; exits with 1 if it failed in a workspace')
    .action((name: string, options: CommonOptions & Omit<ApplyCommand, 'template'>) =>
      runCommand(options, async (context) => {
        const { runTemplateApply } = await import('../run-template-apply.ts');
        return runTemplateApply(context, { ...options, template: name });
      }),
    );
}

/** Adds `almanac task apply-template`. */
export function registerApplyTemplate(task: Command): void {
  withCommonOptions(task.command('apply-template <workspace> <template>'))
    .description('make the tasks and habits of a template, all or none')
    .requiredOption('--start <date>', 'day from which the days of the template count, such as 2026-12-01')
    .action((workspaceId: string, template: string, options: CommonOptions & { start: string }) =>
      runCommand(options, async ({ json, database }) => {
        const { applyTemplate } = await import('../../services/planning/apply-template.ts');
        const { start } = options;
        const applied = await applyTemplate({ database: await database() }, workspaceId, { template, start });
        if (json) return printJson(applied);
        printLine(`${applied.tasks.length} tasks and ${applied.habits.length} habits are added.`);
      }),
    );
}

async function readContent(file: string): Promise<object> {
  const content = parseJson(await readInputFile(file, 'file'));
  if (content !== null) return content;
  const { InvalidInputError } = await import('../../services/errors.ts');
  throw new InvalidInputError('file', 'must be a JSON object');
}

/** Null where it is not a JSON object. */
function parseJson(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
