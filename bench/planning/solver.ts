import { join } from 'node:path';
import type { PlanInput, PlannedBlock } from '../../scheduling/index.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { pythonWith, runProgram } from '../support/python.ts';

const PACKAGES = ['ortools==9.15.6755', 'python-dateutil', 'tzdata'];
/** Beside the levels' own time limits: to read the instance and build the model. */
const OVERHEAD_SECONDS = 60;

export interface SolverPlan {
  blocks: Pick<PlannedBlock, 'id' | 'kind' | 'refId' | 'start' | 'end'>[];
  /** In the order of the objective; a level that is not there was not reached. */
  levels: { status: 'OPTIMAL' | 'FEASIBLE' | 'UNKNOWN' | 'INFEASIBLE' | 'MODEL_INVALID'; seconds: number }[];
}

/** A Python with OR-tools, in the project's own state; made on first use. */
export function findSolver(): string {
  return pythonWith('bench-venv', PACKAGES);
}

export interface SolverLimits {
  seconds: number;
  workers: number;
}

/** Has CP-SAT plan an instance: the five levels one after the other within the time. */
export function solve(
  python: string,
  input: PlanInput,
  limits: SolverLimits,
  hint: readonly PlannedBlock[],
): SolverPlan {
  const script = join(PROJECT_ROOT, 'bench', 'planning', 'solve.py');
  const printed = runProgram(python, [script], {
    input: JSON.stringify({ input, hint, ...limits }),
    timeout: (limits.seconds + OVERHEAD_SECONDS) * 1_000,
  });
  return JSON.parse(printed) as SolverPlan;
}
