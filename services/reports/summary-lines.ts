import { HOUR_MINUTES } from '../../contracts/durations.ts';
import { MAX_SUMMARY_HABITS } from '../../contracts/limits.ts';
import { type Report, titled, withLines } from './report.ts';
import type { Summary } from './summary.ts';

/** A summary as a report. */
export function summaryReport(summary: Summary): Report {
  const { week, timeZone, busyMinutes, meetingMinutes, workMinutes, focusMinutes, plan, habits, cut } =
    summary;
  const unknown =
    busyMinutes === null
      ? 'unknown, because the mirror does not hold the whole week'
      : 'unknown, because guests of some events are not kept';
  const lengthOf = (minutes: number | null) => (minutes === null ? unknown : hours(minutes));
  const outcomes = [
    `${plan.placed} placed`,
    `${plan.kept} kept`,
    `${plan.moved} moved by people`,
    `${plan.missed} deleted by people`,
    ...(plan.ahead > 0 ? [`${plan.ahead} not over yet`] : []),
  ];
  return {
    title: `${week}, ${timeZone}`,
    sections: withLines([
      {
        heading: 'Time',
        lines: [
          `Meetings: ${lengthOf(meetingMinutes)}`,
          `Busy: ${lengthOf(busyMinutes)}`,
          `Focus time: ${lengthOf(focusMinutes)}`,
          `Working hours: ${hours(workMinutes)}`,
        ],
      },
      { heading: 'Planned blocks', lines: plan.placed === 0 ? [] : outcomes },
      {
        heading: 'Habits',
        lines: habits.map(({ title, wanted, done, skipped }) => {
          const note = skipped === 0 ? '' : ` (${skipped} skipped)`;
          return `${titled(title)}: ${done} of ${wanted}${note}`;
        }),
      },
      {
        heading: 'More',
        lines: cut ? [`This workspace has more than ${MAX_SUMMARY_HABITS} habits.`] : [],
      },
    ]),
  };
}

function hours(minutes: number): string {
  const [whole, rest] = [Math.floor(minutes / HOUR_MINUTES), minutes % HOUR_MINUTES];
  return [...(whole > 0 ? [`${whole} h`] : []), ...(rest > 0 || whole === 0 ? [`${rest} min`] : [])].join(
    ' ',
  );
}
