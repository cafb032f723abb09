import type { Command } from 'commander';
import type { TaskChanges } from '../../services/planning/task-fields.ts';
import type { TaskSummary } from '../../services/planning/tasks.ts';
import { collect } from '../../terminal/collect.ts';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import { registerTaskImport } from './task-import.ts';
import { registerApplyTemplate } from './template.ts';
import { MAX_TASK_MINUTES } from '../../contracts/limits.ts';

/** Value that clears a time or a list. */
const NONE = 'none';

interface TaskOptions extends CommonOptions {
  title?: string;
  priority?: TaskChanges['priority'];
  duration?: number;
  done?: number;
  split?: boolean;
  minChunk?: number;
  maxChunk?: number;
  earliest?: string;
  deadline?: string;
  hours?: string;
  after?: string[];
  auto?: boolean;
}

export function registerTask(program: Command): void {
  const task = program.command('task').description('manage tasks, for which the planner finds time');

  withFields(task.command('add <workspace> <title>'))
    .description('add a task; without a deadline it is placed as early as possible')
    .requiredOption('--duration <minutes>', 'how long it takes', minutes(1))
    .action((workspaceId: string, title: string, options: TaskOptions & { duration: number }) =>
      runCommand(options, async ({ json, database }) => {
        const { createTask } = await import('../../services/planning/tasks.ts');
        const { duration: durationMinutes } = options;
        const added = await createTask(await database(), workspaceId, {
          ...toChanges(options),
          title,
          durationMinutes,
        });
        if (json) return printJson(added);
        printLine(`Task ${added.id} is added.`);
      }),
    );

  withFields(task.command('change <workspace> <task>'))
    .description('change the given fields of a task')
    .option('--title <title>', 'another title')
    .option('--duration <minutes>', 'how long it takes', minutes(1))
    .action((workspaceId: string, id: string, options: TaskOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { changeTask } = await import('../../services/planning/tasks.ts');
        const changed = await changeTask(await database(), workspaceId, id, toChanges(options));
        if (json) return printJson(changed);
        printLine(`Task ${changed.id} is changed.`);
      }),
    );

  withCommonOptions(task.command('list <workspace>'))
    .description('list the open tasks of a workspace')
    .option('--all', 'also those that are done')
    .action((workspaceId: string, options: CommonOptions & { all?: boolean }) =>
      runCommand(options, async ({ json, database }) => {
        const { listTasks } = await import('../../services/planning/tasks.ts');
        const tasks = await listTasks(await database(), workspaceId, { all: options.all });
        if (json) return printJson(tasks);
        await printTasks(tasks, workspaceId);
      }),
    );

  withCommonOptions(task.command('done <workspace> <task>'))
    .description('mark a task as done; the next plan removes its future blocks')
    .option('--undo', 'reopen it')
    .action((workspaceId: string, id: string, options: CommonOptions & { undo?: boolean }) =>
      runCommand(options, async ({ json, database }) => {
        const { setTaskDone } = await import('../../services/planning/tasks.ts');
        const changed = await setTaskDone(await database(), workspaceId, id, !options.undo);
        if (json) return printJson(changed);
        printLine(`Task ${changed.id} is ${changed.status}.`);
      }),
    );

  withCommonOptions(task.command('remove <workspace> <task>'))
    .description('delete a task; the next plan removes its future blocks')
    .action((workspaceId: string, id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { removeTask } = await import('../../services/planning/tasks.ts');
        await removeTask(await database(), workspaceId, id);
        if (json) return printJson({ removed: id });
        printLine(`Task ${id} is removed.`);
      }),
    );

  registerTaskImport(task);
  registerApplyTemplate(task);
}

const minutes = (least: number) => toWholeNumber(least, MAX_TASK_MINUTES);

function withFields(command: Command): Command {
  return withCommonOptions(command)
    .option('--priority <priority>', 'critical, high, normal or low')
    .option('--done <minutes>', 'minutes of it that are already done', minutes(0))
    .option('--split', 'allow splitting it into several blocks')
    .option('--no-split', 'place it as one block')
    .option('--min-chunk <minutes>', 'shortest block', minutes(5))
    .option('--max-chunk <minutes>', 'longest block', minutes(5))
    .option('--earliest <time>', 'earliest start: an instant, a local time or a date; or none')
    .option('--deadline <time>', 'an instant, a local time, or a date, which includes its whole day; or none')
    .option('--hours <type>', 'type of hours it is placed in')
    .option('--after <task>', 'place it after this task (repeatable, or with commas); or none', collect)
    .option('--auto', 'let the planner place it')
    .option('--no-auto', 'keep the planner from placing it or changing its blocks');
}

function toChanges({
  title,
  priority,
  duration,
  done,
  split,
  minChunk,
  maxChunk,
  earliest,
  deadline,
  hours,
  after,
  auto,
}: TaskOptions): TaskChanges {
  return {
    title,
    priority,
    durationMinutes: duration,
    doneMinutes: done,
    splittable: split,
    minChunkMinutes: minChunk,
    maxChunkMinutes: maxChunk,
    earliestStart: earliest === NONE ? null : earliest,
    deadline: deadline === NONE ? null : deadline,
    hours,
    after: after?.length === 1 && after[0] === NONE ? [] : after,
    autoSchedule: auto,
  };
}

async function printTasks(tasks: readonly TaskSummary[], workspaceId: string): Promise<void> {
  await printTable(
    ['task', 'title', 'priority', 'minutes', 'done', 'deadline', 'hours', 'after', 'planned', 'status'],
    tasks.map((task) => [
      task.id,
      task.title,
      task.priority,
      task.durationMinutes,
      task.doneMinutes,
      task.deadline,
      task.hours,
      task.after.join('\n'),
      task.autoSchedule,
      task.status,
    ]),
    `Workspace ${workspaceId} has no open task. Run \`almanac task add ${workspaceId} <title> --duration <minutes>\` to add one.`,
  );
}
