import { extname } from 'node:path';
import { type Command, Option } from 'commander';
import type { TaskFileFormat } from '../../services/planning/read-task-rows.ts';
import { ExitCode } from '../exit-code.ts';
import { printHint, printJson, printLine, printTable } from '../../terminal/output.ts';
import { readInputFile } from '../read-input-file.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface ImportOptions extends CommonOptions {
  format?: TaskFileFormat;
}

const FIELDS_HELP = `
A row needs id (the file's own, by which the task is found again), title and durationMinutes; it may give priority,
doneMinutes, splittable, minChunkMinutes, maxChunkMinutes, earliestStart, deadline, hours, after (IDs of the file) and
autoSchedule.

CSV:   id,title,durationMinutes,priority,deadline,after
       t1,Outline,60,high,2026-01-09,
       t2,Report,240,,,t1
JSON:  [{"id": "t1", "title": "Outline", "durationMinutes": 60}]`;

export function registerTaskImport(task: Command): void {
  withCommonOptions(task.command('import <workspace> <file>'))
    .description('import tasks from CSV or JSON, all or none; importing again updates tasks that differ')
    .addOption(
      new Option('--format <format>', 'format of the file (default: its extension)').choices(['csv', 'json']),
    )
    .addHelpText('after', FIELDS_HELP)
    .action((workspaceId: string, file: string, options: ImportOptions) =>
      runCommand(options, async ({ json, database }) => {
        const text = await readInputFile(file, 'file');
        const format = options.format ?? (extname(file).toLowerCase() === '.json' ? 'json' : 'csv');
        const { importTasks } = await import('../../services/planning/import-tasks.ts');
        const { TaskFileError } = await import('../../services/planning/read-task-rows.ts');
        try {
          const report = await importTasks(await database(), workspaceId, text, format);
          if (json) return printJson(report);
          await printTable(
            ['row', 'ID in the file', 'task', 'outcome'],
            report.tasks.map(({ row, ref, taskId, outcome }) => [row, ref, taskId, outcome]),
            'The file has no task.',
          );
          printLine(`${report.created} created, ${report.changed} changed, ${report.unchanged} unchanged.`);
        } catch (error) {
          if (!(error instanceof TaskFileError)) throw error;
          if (json) printJson({ created: 0, changed: 0, unchanged: 0, tasks: [], problems: error.problems });
          else printHint(error.message);
          return ExitCode.usage;
        }
      }),
    );
}
