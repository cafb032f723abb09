import type { Database } from '../prisma/client.ts';
import { requireVariables } from '../client/environment.ts';
import { readInstallationHealth, readOverallHealth } from '../services/health/roll-up.ts';
import {
  readStatusPages,
  readWorkspaceStatus,
  type StatusOptions,
  type WorkspaceStatus,
} from '../services/reading/status.ts';
import type { CommandContext } from './command-context.ts';
import { withCommand } from './remedies.ts';
import { type Installation, printInstallation, readInstallation } from './installation.ts';
import { printHint, printJson, printLine, printTable, toJson } from '../terminal/output.ts';
import { MINUTE_MS } from '../contracts/durations.ts';

/** Number of workspaces that fit on a screen. */
const WORST_SHOWN = 20;

interface StatusCommand {
  /** Default: all workspaces. */
  workspaceId: string | undefined;
  all: boolean;
  /** Whether running fan-outs are shown, too. */
  running: boolean;
}

/** Body of `almanac status`. */
export async function runStatus(
  context: CommandContext,
  { workspaceId, all, running }: StatusCommand,
): Promise<void> {
  const { POLL_INTERVAL_MINUTES, POLL_INTERVAL_WITH_PUSH_MINUTES } = requireVariables(
    context.variables,
    'POLL_INTERVAL_MINUTES',
    'POLL_INTERVAL_WITH_PUSH_MINUTES',
  );
  const options: StatusOptions = {
    poll: {
      plainMs: POLL_INTERVAL_MINUTES * MINUTE_MS,
      withPushMs: POLL_INTERVAL_WITH_PUSH_MINUTES * MINUTE_MS,
    },
  };
  const database = await context.database();
  if (workspaceId !== undefined) {
    const workspace = await readWorkspaceStatus(database, workspaceId, options);
    return context.json ? printJson({ workspaces: [worded(workspace)] }) : printWorkspace(workspace);
  }
  // Programs rely on all fields of the JSON output.
  const withRunning = running || context.json;
  const installation = await readInstallation(context, database, { withRunning });
  if (context.json) return streamJson(database, options, installation);
  await printEverything(database, options, all);
  await printInstallation(context, installation);
}

/** Prints the same JSON as `printJson`, page by page. */
async function streamJson(
  database: Database,
  options: StatusOptions,
  installation: Installation,
): Promise<void> {
  const overall = indented(await readOverallHealth(database, options), 2).trimStart();
  process.stdout.write(`{\n  "overall": ${overall},\n`);
  for (const [name, value] of Object.entries(installation))
    process.stdout.write(`  ${toJson(name)}: ${indented(value, 2).trimStart()},\n`);
  process.stdout.write('  "workspaces": [');
  let separator = '\n';
  for await (const page of readStatusPages(database, options)) {
    for (const workspace of page) {
      process.stdout.write(separator + indented(worded(workspace), 4));
      separator = ',\n';
    }
  }
  printLine('\n  ]\n}');
}

function indented(value: unknown, spaces: number): string {
  return toJson(value, 2).replaceAll(/^/gm, ' '.repeat(spaces));
}

async function printEverything(database: Database, options: StatusOptions, all: boolean): Promise<void> {
  const { overall, worst } = await readInstallationHealth(database, WORST_SHOWN, options);
  const counts = Object.entries(overall.byHealth).map(([health, count]) => `${count} ${health}`);
  await printTable(
    ['overall', 'workspaces', 'calendars', 'of these', 'oldest proof', 'dead letters'],
    [
      [
        overall.health,
        overall.workspaces,
        overall.calendars,
        counts.join(', '),
        overall.oldestProvenAt,
        overall.deadLetters,
      ],
    ],
    '',
  );
  if (all) return printAll(database, options);
  await printTable(
    ['workspace', 'health', 'calendars', 'unhealthy', 'oldest proof', 'dead letters'],
    worst.map(({ id, health, calendars, unhealthy, oldestProvenAt, deadLetters }) => [
      id,
      health,
      calendars,
      unhealthy,
      oldestProvenAt,
      deadLetters,
    ]),
    'There is no workspace. Run `almanac workspace create <id> --time-zone <zone>` to create one.',
  );
  if (worst.length < overall.workspaces) {
    printHint(
      `The worst ${worst.length} of ${overall.workspaces} workspaces. Run \`almanac status --all\` to see all.`,
    );
  }
}

const WORKSPACE_COLUMNS = [
  'workspace',
  'health',
  'last run',
  'mode',
  'outcome',
  'upserted',
  'deleted',
  'dead letters',
  'Google requests today',
];

async function printAll(database: Database, options: StatusOptions): Promise<void> {
  for await (const page of readStatusPages(database, options)) {
    await printTable(
      WORKSPACE_COLUMNS,
      page.map((workspace) => workspaceCells(workspace)),
      '',
    );
  }
}

async function printWorkspace(workspace: WorkspaceStatus): Promise<void> {
  await printTable(WORKSPACE_COLUMNS, [workspaceCells(workspace)], '');
  await printTable(
    [
      'calendar',
      'health',
      'in step at',
      'age',
      'promised',
      'next sync',
      'left out',
      'failures',
      'dead letters',
    ],
    workspace.calendars.map((calendar) => [
      calendar.summary,
      calendar.health,
      calendar.provenAt,
      inMinutes(calendar.freshnessSeconds),
      inMinutes(calendar.promisedSeconds),
      calendar.nextSyncAt,
      calendar.unreadable + calendar.tooCostly,
      calendar.failures,
      calendar.deadLetters,
    ]),
    'The workspace has no calendar yet.',
  );
  const reasons = workspace.calendars.flatMap(({ summary, reason }) =>
    reason === undefined ? [] : [[summary, withCommand(reason)]],
  );
  if (reasons.length > 0) await printTable(['calendar', 'why'], reasons, '');
}

/** Health with its reasons as text. */
function worded({ calendars, ...workspace }: WorkspaceStatus) {
  return {
    ...workspace,
    calendars: calendars.map(({ reason, ...calendar }) => ({
      ...calendar,
      ...(reason && { reason: { code: reason.code, sentence: withCommand(reason) } }),
    })),
  };
}

function workspaceCells({ id, health, lastRun, deadLetters, googleRequests }: WorkspaceStatus) {
  return [
    id,
    health,
    lastRun?.startedAt,
    lastRun?.mode,
    lastRun?.outcome,
    lastRun?.upserted,
    lastRun?.deleted,
    deadLetters,
    googleRequests,
  ];
}

function inMinutes(seconds: number | null): string | null {
  return seconds === null ? null : `${Math.round(seconds / 60)} min`;
}
