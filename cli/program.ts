import { Command } from 'commander';
import { registerAccount } from './commands/account.ts';
import { registerAgenda } from './commands/agenda.ts';
import { registerApi } from './commands/api.ts';
import { registerBlock } from './commands/block.ts';
import { registerCalendar } from './commands/calendar.ts';
import { registerChanges } from './commands/changes.ts';
import { registerConsole } from './commands/console.ts';
import { registerDeadLetter } from './commands/dead-letter.ts';
import { registerDev } from './commands/dev.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEmbed } from './commands/embed.ts';
import { registerEmulator } from './commands/emulator.ts';
import { registerEncryptionKey } from './commands/encryption-key.ts';
import { registerEvent } from './commands/event.ts';
import { registerEvents } from './commands/events.ts';
import { registerFeed } from './commands/feed.ts';
import { registerWebhook } from './commands/webhook.ts';
import { registerFree } from './commands/free.ts';
import { registerHabit } from './commands/habit.ts';
import { registerHealth } from './commands/health.ts';
import { registerHours } from './commands/hours.ts';
import { registerKey } from './commands/key.ts';
import { registerLog } from './commands/log.ts';
import { registerMcp } from './commands/mcp.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerNotifier } from './commands/notifier.ts';
import { registerPermit } from './commands/permit.ts';
import { registerPlan } from './commands/plan.ts';
import { registerPolicy } from './commands/policy.ts';
import { registerRebuild } from './commands/rebuild.ts';
import { registerRestore } from './commands/restore.ts';
import { registerSchedules } from './commands/schedules.ts';
import { registerStatus } from './commands/status.ts';
import { registerSummary } from './commands/summary.ts';
import { registerSync } from './commands/sync.ts';
import { registerTask } from './commands/task.ts';
import { registerUsage } from './commands/usage.ts';
import { registerTemplate } from './commands/template.ts';
import { registerVerify } from './commands/verify.ts';
import { registerWorker } from './commands/worker.ts';
import { registerWorkspace } from './commands/workspace.ts';
import { readVersion } from '../services/version.ts';

/** The command line. Only commander is loaded before a command runs. */
export function createProgram(): Command {
  const program = new Command('almanac')
    .description('Google Calendars mirrored in Postgres, on Temporal.')
    .version(readVersion())
    .showHelpAfterError('(add --help to see what is allowed)')
    .showSuggestionAfterError()
    // An option belongs to the command before it, because `plan` and `plan undo` share options such as
    // --json.
    .enablePositionalOptions()
    .exitOverride();
  registerDev(program);
  registerWorker(program);
  registerApi(program);
  registerMigrate(program);
  registerDoctor(program);
  registerEmulator(program);
  registerWorkspace(program);
  registerAccount(program);
  registerCalendar(program);
  registerSync(program);
  registerStatus(program);
  registerUsage(program);
  registerEvents(program);
  registerAgenda(program);
  registerSummary(program);
  registerHealth(program);
  registerFree(program);
  registerPermit(program);
  registerEvent(program);
  registerDeadLetter(program);
  registerVerify(program);
  registerLog(program);
  registerChanges(program);
  registerRebuild(program);
  registerRestore(program);
  registerTask(program);
  registerTemplate(program);
  registerHabit(program);
  registerHours(program);
  registerPolicy(program);
  registerPlan(program);
  registerBlock(program);
  registerSchedules(program);
  registerFeed(program);
  registerEmbed(program);
  registerNotifier(program);
  registerWebhook(program);
  registerConsole(program);
  registerKey(program);
  registerMcp(program);
  registerEncryptionKey(program);
  return program;
}
