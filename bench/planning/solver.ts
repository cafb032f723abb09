import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanInput, PlannedBlock } from '../../scheduling/index.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';

const PACKAGES = ['ortools==9.15.6755', 'python-dateutil', 'tzdata'];
/** Beside the levels' own time limits: to read the instance and build the model. */
const OVERHEAD_SECONDS = 60;

export interface SolverPlan {
  blocks: Pick<PlannedBlock, 'id' | 'kind' | 'refId' | 'start' | 'end'>[];
  /** In the order of the objective; a level that is not there was not reached. */
  levels: { status: 'OPTIMAL' | 'FEASIBLE' | 'UNKNOWN' | 'INFEASIBLE' | 'MODEL_INVALID'; seconds: number }[];
}

function run(command: string, args: string[], options: object = {}): string {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.status !== 0)
    throw new Error(`${command} failed: ${result.stderr || String(result.error ?? result.signal)}`);
  return result.stdout;
}

/** A Python with OR-tools, in the project's own state; made on first use. */
export function findSolver(): string {
  const folder = join(PROJECT_ROOT, '.almanac', 'bench-venv');
  const python = join(folder, 'bin', 'python');
  if (!existsSync(python)) {
    process.stderr.write('Installing OR-tools into .almanac/bench-venv (120 MB, once) …\n');
    run('python3', ['-m', 'venv', folder]);
    run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
  }
  return python;
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
  const printed = run(python, [script], {
    input: JSON.stringify({ input, hint, ...limits }),
    timeout: (limits.seconds + OVERHEAD_SECONDS) * 1_000,
  });
  return JSON.parse(printed) as SolverPlan;
}
