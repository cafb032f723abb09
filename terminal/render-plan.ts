import pc from 'picocolors';
import {
  type CurrentBlock,
  type Plan,
  type PlanInput,
  type PlannedBlock,
  type PlanWarning,
  type RenderContext,
  renderMinutes,
  renderPlacement,
  renderUnscheduled,
} from '../scheduling/index.ts';
import { type AgendaDay, agendaDays, type AgendaRow } from './agenda.ts';
import { daySpanText, dayText, momentText, spanText } from './civil-format.ts';
import { withoutControls } from './output.ts';
import { type PlanChanges, planChanges } from './plan-changes.ts';
import { MINUTE_MS } from '../contracts/durations.ts';

interface RenderPlanOptions {
  /** The plan's input, with titles, hours and busy time. */
  input: PlanInput;
  /** Default: the input's. */
  timeZone?: string;
  /** Blocks before this plan. Default: the input's. */
  previous?: readonly CurrentBlock[];
  /** Default: true if stdout is a terminal and NO_COLOR is not set. */
  color?: boolean;
}

interface Rendering extends RenderContext {
  paint: ReturnType<typeof pc.createColors>;
  changes: PlanChanges;
}

/** A plan as text: its days, the changes since the previous plan, and unscheduled work with reasons. */
export function renderPlan(
  plan: Plan,
  {
    input,
    timeZone = input.timeZone,
    previous = input.current,
    color = pc.isColorSupported,
  }: RenderPlanOptions,
): string {
  const titles = new Map(
    [...input.tasks, ...input.habits].map(({ id, title }) => [id, withoutControls(title) || id]),
  );
  const rendering: Rendering = {
    timeZone,
    paint: pc.createColors(color),
    changes: planChanges(plan.blocks, previous),
    nameOf: (refId) => titles.get(refId) ?? refId,
  };
  const sections = [
    renderAgenda(agendaDays(plan, input), rendering),
    renderChanges(rendering),
    renderMissing(plan, rendering),
    renderLate(plan, rendering),
    renderWarnings(plan, rendering),
    [renderSummary(plan, rendering)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function renderAgenda(days: readonly AgendaDay[], rendering: Rendering): string[] {
  const { paint } = rendering;
  const lines: string[] = [];
  let quiet: AgendaDay[] = [];
  const flush = () => {
    const [first, last] = [quiet[0], quiet.at(-1)];
    if (!first || !last) return;
    const span = first === last ? dayText(first.date) : `${dayText(first.date)} – ${dayText(last.date)}`;
    const free = quiet.reduce((sum, day) => sum + day.minutes.free, 0);
    lines.push(
      `${paint.bold(span)}  ${paint.dim(free > 0 ? `nothing, ${renderMinutes(Math.round(free))} free` : 'nothing')}`,
    );
    quiet = [];
  };
  for (const day of days) {
    if (day.minutes.planned === 0 && day.minutes.busy === 0) {
      quiet.push(day);
      continue;
    }
    flush();
    const sums = Object.entries(day.minutes)
      .filter(([, minutes]) => minutes > 0)
      .map(([what, minutes]) => `${renderMinutes(Math.round(minutes))} ${what}`)
      .join(', ');
    lines.push(`${paint.bold(dayText(day.date))}  ${paint.dim(sums)}`);
    lines.push(...day.rows.map((row) => renderRow(row, rendering)));
  }
  flush();
  return lines;
}

function renderRow(row: AgendaRow, rendering: Rendering): string {
  const { paint, timeZone } = rendering;
  const time = spanText(row.start, row.end, timeZone);
  if (row.what === 'busy') return `  ${time}  ${paint.yellow('busy')}`;
  if (row.what === 'free') return paint.dim(`  ${time}  free`);
  const { block } = row;
  const name = blockName(block, rendering);
  const painted = block.kind === 'task' ? paint.cyan(name) : paint.green(name);
  return `  ${time}  ${painted}${changeNote(block, rendering)}  ${paint.dim(renderPlacement(block.reason, rendering))}`;
}

function blockName({ refId, chunk }: PlannedBlock, { nameOf }: Rendering): string {
  return chunk.of > 1 ? `${nameOf(refId)} (${chunk.index} of ${chunk.of})` : nameOf(refId);
}

function changeNote({ id, pinned }: PlannedBlock, { changes, paint, timeZone }: Rendering): string {
  const moved = changes.moved.find(({ to }) => to.id === id);
  if (moved) return paint.magenta(`  moved from ${momentText(moved.from.start, timeZone)}`);
  return pinned ? paint.blue('  pinned') : '';
}

function renderChanges({ changes: { moved, gone }, timeZone, paint, nameOf }: Rendering): string[] {
  if (moved.length === 0 && gone.length === 0) return [];
  return [
    paint.bold('Changed since last time'),
    ...moved.map(
      ({ from, to }) =>
        `  ${nameOf(to.refId)}: ${daySpanText(from.start, from.end, timeZone)} → ${daySpanText(to.start, to.end, timeZone)}`,
    ),
    ...gone.map(
      ({ refId, start, end }) =>
        `  ${nameOf(refId)}: ${daySpanText(start, end, timeZone)} → no longer planned`,
    ),
  ];
}

function renderMissing({ unscheduled }: Plan, rendering: Rendering): string[] {
  if (unscheduled.length === 0) return [];
  return [
    rendering.paint.bold(rendering.paint.red('Did not fit')),
    ...unscheduled.map(({ refId, date, minutes, reason }) => {
      const what = date ? `${rendering.nameOf(refId)} on ${dayText(date)}` : rendering.nameOf(refId);
      return `  ${what}, ${renderMinutes(minutes)}: ${renderUnscheduled(reason, rendering)}`;
    }),
  ];
}

function renderLate({ late }: Plan, { paint, timeZone, nameOf }: Rendering): string[] {
  if (late.length === 0) return [];
  return [
    paint.bold(paint.red('Late')),
    ...late.map(
      ({ refId, minutes, deadline }) =>
        `  ${nameOf(refId)}, ${renderMinutes(minutes)} after its deadline, ${momentText(deadline, timeZone)}`,
    ),
  ];
}

function renderWarnings({ warnings, blocks }: Plan, rendering: Rendering): string[] {
  if (warnings.length === 0) return [];
  const block = (id: string) => {
    const found = blocks.find((one) => one.id === id);
    if (!found) return id;
    return `${blockName(found, rendering)}, ${daySpanText(found.start, found.end, rendering.timeZone)},`;
  };
  return [
    rendering.paint.bold('Worth a look'),
    ...warnings.map((warning) => `  ${warningText(warning, rendering.nameOf, block)}`),
  ];
}

function warningText(
  warning: PlanWarning,
  nameOf: (refId: string) => string,
  block: (id: string) => string,
): string {
  switch (warning.code) {
    case 'pinned-over-busy':
      return `${block(warning.blockId)} is pinned over an event.`;
    case 'pinned-overlap':
      return `${block(warning.blockId)} is pinned over ${block(warning.otherBlockId).replace(/,$/, '')}.`;
    case 'pinned-more-than-left':
      return `${nameOf(warning.refId)} has ${renderMinutes(warning.minutes)} more pinned than is left to do.`;
    case 'unknown-reference':
      return `${block(warning.blockId)} belongs to no task or habit of the plan.`;
  }
}

function renderSummary({ blocks, unscheduled, objective }: Plan, { changes, paint }: Rendering): string {
  const minutes = blocks.reduce(
    (sum, { start, end }) => sum + (Date.parse(end) - Date.parse(start)) / MINUTE_MS,
    0,
  );
  const missing = unscheduled.reduce((sum, one) => sum + one.minutes, 0);
  const counts = [
    `${changes.created.length} new`,
    `${changes.moved.length} moved`,
    `${changes.gone.length} gone`,
    missing > 0 ? paint.red(`${renderMinutes(missing)} did not fit`) : 'everything fits',
  ].join(', ');
  const blockCount = blocks.length === 1 ? '1 block' : `${blocks.length} blocks`;
  const { onTime, ceiling } = objective;
  const share = ceiling > 0 ? ` Of what can be on time, ${sharePercent(onTime, ceiling)} % is.` : '';
  return `${blockCount}, ${renderMinutes(Math.round(minutes))}: ${counts}.${share}`;
}

/** Rounded down, so that 100 % means everything. */
function sharePercent(part: number, whole: number): number {
  return Math.floor((100 * part) / whole);
}
