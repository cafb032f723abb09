/** What a tool does, besides what its operation in the OpenAPI document says. */
export interface ToolRule {
  operation: string;
  /** Whether it changes something. Keys that may only read do not see it. */
  changes?: true;
  /** Whether what it changes cannot be changed back. */
  destroys?: true;
  /** Whether only keys of admins see it. */
  admin?: true;
  /** Arguments that always have this value. */
  fixed?: Readonly<Record<string, unknown>>;
  /** Values of arguments that are not given: a model reads less at a time than a program. */
  defaults?: Readonly<Record<string, unknown>>;
  /** Replaces the summary of the operation. */
  summary?: string;
}

/** Longest wait for a run, in seconds: less than the minute after which clients give up. */
const WAIT = { wait: 50 };
const FEW = { defaults: { limit: 50 } };

/** The tools, by name. */
export const TOOLS: Readonly<Record<string, ToolRule>> = {
  list_calendars: { operation: 'listCalendars', ...FEW },
  list_events: { operation: 'listEvents', ...FEW },
  read_event: { operation: 'readEvent' },
  find_availability: { operation: 'findAvailability' },
  read_agenda: { operation: 'readAgenda' },
  read_summary: { operation: 'readSummary' },
  read_status: { operation: 'readWorkspaceStatus', ...FEW },
  list_usage: { operation: 'listWorkspaceUsage', ...FEW },
  list_tasks: { operation: 'listTasks', ...FEW },
  list_habits: { operation: 'listHabits', ...FEW },
  read_hours: { operation: 'readHours' },
  read_policy: { operation: 'readPolicy' },
  list_blocks: { operation: 'listBlocks', ...FEW },
  preview_plan: {
    operation: 'planWorkspace',
    fixed: { mode: 'preview', ...WAIT },
    summary: 'Plan tasks and habits into free time without writing anything, with the reason of each block',
  },
  read_plan_result: { operation: 'readPlanResult', fixed: WAIT },
  list_plan_runs: { operation: 'listPlanRuns', defaults: { limit: 10 } },
  read_plan_run: { operation: 'readPlanRun' },
  read_event_writes: { operation: 'readWrites' },
  list_dead_letters: { operation: 'listDeadLetters', ...FEW },

  create_event: { operation: 'createEvent', changes: true, fixed: WAIT },
  change_event: { operation: 'changeEvent', changes: true, fixed: WAIT },
  delete_event: { operation: 'deleteEvent', changes: true, destroys: true, fixed: WAIT },
  answer_event: { operation: 'answerEvent', changes: true, fixed: WAIT },
  create_task: { operation: 'createTask', changes: true },
  change_task: { operation: 'changeTask', changes: true },
  set_task_status: { operation: 'setTaskStatus', changes: true },
  remove_task: { operation: 'removeTask', changes: true, destroys: true },
  create_habit: { operation: 'createHabit', changes: true },
  change_habit: { operation: 'changeHabit', changes: true },
  remove_habit: { operation: 'removeHabit', changes: true, destroys: true },
  skip_habit: { operation: 'skipHabit', changes: true },
  unskip_habit: { operation: 'unskipHabit', changes: true },
  pin_block: { operation: 'setBlockPinned', changes: true },
  apply_plan: {
    operation: 'planWorkspace',
    changes: true,
    fixed: { mode: 'apply', ...WAIT },
    summary: 'Plan tasks and habits into free time, and write the differences to Google',
  },
  undo_plan: { operation: 'undoPlanRun', changes: true, fixed: WAIT },
  sync_workspace: { operation: 'syncWorkspace', changes: true, fixed: WAIT },
  retry_dead_letter: { operation: 'retryDeadLetter', changes: true },

  list_workspaces: { operation: 'listWorkspaces', admin: true, ...FEW },
  read_installation_status: { operation: 'readStatus', admin: true, ...FEW },
  list_usage_of_all: { operation: 'listUsage', admin: true, ...FEW },
  list_dead_letters_of_all: { operation: 'listAllDeadLetters', admin: true, ...FEW },
  retry_any_dead_letter: { operation: 'retryAnyDeadLetter', admin: true, changes: true },
};
