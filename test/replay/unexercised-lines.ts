import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { type SourceMapPayload, SourceMap } from 'node:module';
import { relative } from 'node:path';
import { PROJECT_ROOT } from '../../dev/project-root.ts';

/** Code that decides a workflow's behaviour: this application's own in the bundle. */
const OWN_SOURCE = /^(workflows|contracts)\/[\w/-]+\.ts$/;
/** The bundle, among the scripts of the process: workers name it so. */
const BUNDLE_URL = /workflow-bundle-[0-9a-f]+\.js$/;
/** Lines that say nothing: closing brackets, comments, a `finally`. */
const EMPTY_LINE = /^([\])},;\s]*|\/\/.*|\} finally \{)$/;

/** Runs `work` and returns the source lines of the bundle of which it has run nothing, or not all: `file: text`. */
export async function unexercisedLines(code: string, work: () => Promise<void>): Promise<string[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const bundle = result.find(({ url }) => BUNDLE_URL.test(url));
    if (bundle === undefined) throw new Error('No workflow bundle has been run.');
    return sourceLines(code, untouchedOffsets(code.length, bundle.functions));
  } finally {
    session.disconnect();
  }
}

interface FunctionCoverage {
  ranges: { startOffset: number; endOffset: number; count: number }[];
}

/** 1 for every character that has not been run. Ranges nest: what is further in has the last word. */
function untouchedOffsets(length: number, functions: readonly FunctionCoverage[]): Uint8Array {
  const untouched = new Uint8Array(length).fill(1);
  const outermost = ({ ranges }: FunctionCoverage) => ranges[0] ?? { startOffset: 0, endOffset: 0 };
  const inOrder = functions.toSorted(
    (a, b) =>
      outermost(a).startOffset - outermost(b).startOffset || outermost(b).endOffset - outermost(a).endOffset,
  );
  for (const { startOffset, endOffset, count } of inOrder.flatMap(({ ranges }) => ranges)) {
    untouched.fill(count > 0 ? 0 : 1, startOffset, endOffset);
  }
  return untouched;
}

function sourceLines(code: string, untouched: Uint8Array): string[] {
  const map = sourceMapOf(code);
  const lines = new Map<string, Set<number>>();
  let lineStart = 0;
  for (const [number, text] of code.split('\n').entries()) {
    for (let column = 0; column < text.length; column += 1) {
      if (untouched[lineStart + column] !== 1) continue;
      const entry = map.findEntry(number, column);
      // Only where a token begins: what follows it is the same entry.
      if (
        !('originalSource' in entry) ||
        entry.generatedLine !== number ||
        entry.generatedColumn !== column
      ) {
        continue;
      }
      const file = relative(PROJECT_ROOT, entry.originalSource);
      if (!OWN_SOURCE.test(file)) continue;
      lines.set(file, (lines.get(file) ?? new Set()).add(entry.originalLine));
    }
    lineStart += text.length + 1;
  }
  return [...lines.keys()].toSorted().flatMap((file) => textOf(file, lines.get(file) ?? new Set()));
}

/** By their text, for their numbers change with every edit above them. */
function textOf(file: string, numbers: ReadonlySet<number>): string[] {
  const text = readFileSync(`${PROJECT_ROOT}/${file}`, 'utf8').split('\n');
  return [...numbers]
    .toSorted((a, b) => a - b)
    .map((number) => (text[number] ?? '').trim())
    .filter((line) => !EMPTY_LINE.test(line))
    .map((line) => `${file}: ${line}`);
}

function sourceMapOf(code: string): SourceMap {
  const inline = /\/\/# sourceMappingURL=data:[^,]*;base64,(\S+)\s*$/.exec(code)?.[1];
  if (inline === undefined) throw new Error('The workflow bundle has no source map.');
  return new SourceMap(JSON.parse(Buffer.from(inline, 'base64').toString()) as SourceMapPayload);
}
