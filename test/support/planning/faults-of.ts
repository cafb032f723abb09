import {
  parsePlanInput,
  type Plan,
  plan,
  type PlanInput,
  type PlanOptions,
} from '../../../scheduling/index.ts';
import { addableChunks } from './addable-chunks.ts';
import { brokenRules } from './broken-rules.ts';
import { MINUTE_MS } from './civil-time.ts';
import { falseReasons } from './false-reasons.ts';
import { wrongClaims } from './wrong-claims.ts';

const LATER_MINUTES = 15;

/** The blocks of a plan as the next run finds them. */
export function currentOf(input: PlanInput, { blocks }: Plan): PlanInput['current'] {
  const before = new Map(input.current.map((block) => [block.id, block]));
  return blocks.map(({ id, kind, refId, start, end, pinned, kept }) => {
    const habitDay = kept ? before.get(id)?.habitDay : undefined;
    return { id, kind, refId, start, end, pinned, ...(habitDay !== undefined && { habitDay }) };
  });
}

function judge(input: PlanInput, found: Plan): string[] {
  return [
    ...brokenRules(input, found),
    ...wrongClaims(input, found),
    ...falseReasons(input, found),
    ...addableChunks(input, found),
  ];
}

/**
 * Everything that is wrong with the plan of an input, made once, again, from its own result, and a quarter of
 * an hour later.
 */
export function faultsOf(input: PlanInput, options: PlanOptions): string[] {
  const first = plan(input, options);
  const faults = judge(input, first);

  const copy = parsePlanInput(JSON.parse(JSON.stringify(input)));
  if (JSON.stringify(plan(copy, options)) !== JSON.stringify(first))
    faults.push('another plan when repeated');

  const next = { ...input, current: currentOf(input, first) };
  const second = plan(next, options);
  faults.push(...judge(next, second).map((fault) => `planned again: ${fault}`));
  const places = ({ blocks }: Plan) => JSON.stringify(blocks.map(({ id, start, end }) => [id, start, end]));
  if (second.objective.moved !== 0 || places(second) !== places(first))
    faults.push('moves when planned again');

  const now = new Date(Date.parse(input.now) + LATER_MINUTES * MINUTE_MS).toISOString();
  const later = parsePlanInput({ ...next, now });
  faults.push(...judge(later, plan(later, options)).map((fault) => `planned later: ${fault}`));
  return faults;
}
