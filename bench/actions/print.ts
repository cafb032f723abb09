import { formatCount, printTable } from '../support/report.ts';
import type { ActionsReport } from './measure.ts';
import { dollarsOf } from './month.ts';

const MANY = 10_000;
/** Temporal Cloud's charge for Fairness, as a share of all actions. */
const FAIRNESS = 0.1;

const dollars = (actions: number) => `$${formatCount(dollarsOf(actions))}`;

export function printActions(report: ActionsReport): void {
  const { schedules, each, pollWithChanges, fanOutShare, month, usage, changesADay } = report;
  printTable(
    ['schedule, nothing to do', 'actions', 'starts a month', 'actions a month'],
    schedules.map(({ id, actions, startsAMonth }) => [
      id,
      formatCount(actions),
      formatCount(startsAMonth),
      formatCount(actions * startsAMonth),
    ]),
  );
  printTable(
    ['of one workspace', 'actions'],
    [
      ['a poll, nothing changed', each.poll.toFixed(2)],
      ['a poll, one workspace in a hundred changed', pollWithChanges.toFixed(2)],
      [`its share of a tick's fan-out, with ${report.workspaces}`, fanOutShare.toFixed(2)],
      ['its calendar list, once a day', each.list.toFixed(2)],
      ['a change by push', each.change.toFixed(2)],
      ['new push channels, every six days', each.channels.toFixed(2)],
      ['a plan that changes nothing', each.plan.toFixed(2)],
    ],
  );
  const installation = schedules.reduce((sum, { actions, startsAMonth }) => sum + actions * startsAMonth, 0);
  const rows: [string, number][] = [
    ['polled every 15 minutes', month.polled],
    ['with push, at rest', month.pushedAtRest],
    [`with push, ${changesADay} changes a day`, month.pushed],
    ['polled and planned', month.polled + month.planned],
    [`with push, ${changesADay} changes a day, and planned`, month.pushed + month.planned],
  ];
  printTable(
    ['workspace and month', 'actions', `${formatCount(MANY)} workspaces`, 'list price', 'with Fairness'],
    rows.map(([name, actions]) => {
      const total = actions * MANY + installation;
      return [
        name,
        formatCount(actions),
        formatCount(total),
        dollars(total),
        dollars(total * (1 + FAIRNESS)),
      ];
    }),
  );
  process.stdout.write(
    `Usage has estimated ${formatCount(usage.estimated)} actions of workspaces; ` +
      `their histories show ${formatCount(usage.measured)}.\n`,
  );
}
