import type { PlanInput } from '../scheduling/index.ts';
import { ExitCode } from './exit-code.ts';
import { printHint, printJson, printLine } from '../terminal/output.ts';
import { readInputFile } from './read-input-file.ts';

/** Plans the input in a file and prints the plan, without database or Google. */
export async function planFile(path: string, json: boolean): Promise<ExitCode> {
  const text = await readInputFile(path, 'input');
  const { parsePlanInput, plan, PlanInputError } = await import('../scheduling/index.ts');
  let input: PlanInput;
  try {
    input = parsePlanInput(parseJson(text));
  } catch (error) {
    if (error instanceof SyntaxError) printHint('input must be JSON.');
    else if (error instanceof PlanInputError) printHint(error.message);
    else throw error;
    return ExitCode.usage;
  }
  const planned = plan(input);
  if (json) {
    printJson({ ...planned, applied: false, created: 0, moved: 0, deleted: 0 });
  } else {
    const { renderPlan } = await import('../terminal/render-plan.ts');
    printLine(renderPlan(planned, { input }));
  }
  return ExitCode.ok;
}

function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}
