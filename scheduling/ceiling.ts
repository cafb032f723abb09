import { inDependencyOrder } from './construct.ts';
import { fixedValue } from './fixed-value.ts';
import { FlowNetwork } from './max-flow.ts';
import { firstAbove } from './schedule.ts';
import { clip, firstEndingAfter, type Span } from './spans.ts';
import { WEIGHTS, type World } from './world.ts';

/**
 * Spans in which each job can be on time and after the jobs it waits for. Empty if it can never be placed.
 */
function timelySpans(world: World): Span[][] {
  const spans: Span[][] = world.jobs.map(() => []);
  const earliestEnd = new Float64Array(world.jobs.length);
  for (const job of inDependencyOrder(world, world.jobs)) {
    const from = job.after.reduce((latest, index) => Math.max(latest, earliestEnd[index]!), 0);
    const first = job.spans.find(({ end }) => end > from);
    if (job.blockedBy !== null || from === Infinity || (job.left > 0 && !first)) {
      earliestEnd[job.index] = Infinity;
      continue;
    }
    earliestEnd[job.index] = first && job.left > 0 ? Math.max(first.start, from) + job.left : from;
    spans[job.index] = clip(job.spans, from, job.deadline);
  }
  return spans;
}

/** The pieces of a type of hours, and the nodes of their groups. */
interface Opening {
  free: readonly Span[];
  /** Number of pieces up to the end of each free span. */
  ends: number[];
  pieces: number[];
  groups: Map<number, number>;
}

/**
 * Free time, cut at every start and end of a job's spans. Per type of hours, groups of 2, 4, 8 … consecutive
 * pieces have their own nodes, so that a job that may be anywhere in a month needs only a few edges.
 */
class Pieces {
  private readonly network: FlowNetwork;
  private readonly sink: number;
  private readonly cuts: number[];
  private readonly nodes = new Map<number, number>();
  private readonly ofHours = new Map<string, Opening>();

  constructor(network: FlowNetwork, sink: number, spans: readonly (readonly Span[])[]) {
    this.network = network;
    this.sink = sink;
    const cuts = new Set<number>();
    for (const list of spans)
      for (const { start, end } of list) {
        cuts.add(start);
        cuts.add(end);
      }
    this.cuts = [...cuts].toSorted((a, b) => a - b);
  }

  /** Declares the free time of a type of hours. */
  open(hours: string, free: readonly Span[]): void {
    const pieces: number[] = [];
    const ends: number[] = [];
    for (const { start, end } of free) {
      for (let piece = this.pieceAt(start); this.cuts[piece]! < end; piece++) pieces.push(piece);
      ends.push(pieces.length);
    }
    this.ofHours.set(hours, { free, ends, pieces, groups: new Map() });
  }

  /** Lets a node use the spans, which must lie in the free time of a type of hours. */
  connect(node: number, hours: string, spans: readonly Span[]): void {
    const { free, ends, pieces } = this.ofHours.get(hours)!;
    let first = 0;
    let last = 0;
    let index = firstEndingAfter(free, spans[0]!.start);
    for (const span of spans) {
      while (free[index]!.end <= span.start) index++;
      const whole = free[index]!;
      const start = span.start === whole.start ? (ends[index - 1] ?? 0) : this.rank(pieces, span.start);
      if (start !== last) {
        this.connectRange(node, hours, first, last);
        first = start;
      }
      last = span.end === whole.end ? ends[index]! : this.rank(pieces, span.end);
    }
    this.connectRange(node, hours, first, last);
  }

  /** The piece that starts at a cut. */
  private pieceAt(minute: number): number {
    return firstAbove(this.cuts, minute) - 1;
  }

  /** Number of a type's pieces before a cut. */
  private rank(pieces: readonly number[], minute: number): number {
    return firstAbove(pieces, this.pieceAt(minute) - 1);
  }

  private connectRange(node: number, hours: string, start: number, end: number): void {
    for (let first = start; first < end;) {
      let level = 0;
      while (first % 2 ** (level + 1) === 0 && first + 2 ** (level + 1) <= end) level++;
      this.network.addEdge(node, this.group(hours, level, first), Infinity);
      first += 2 ** level;
    }
  }

  private group(hours: string, level: number, first: number): number {
    const { pieces, groups } = this.ofHours.get(hours)!;
    if (level === 0) return this.piece(pieces[first]!);
    const key = first * 32 + level;
    const known = groups.get(key);
    if (known !== undefined) return known;
    const node = this.network.addNode();
    groups.set(key, node);
    this.network.addEdge(node, this.group(hours, level - 1, first), Infinity);
    this.network.addEdge(node, this.group(hours, level - 1, first + 2 ** (level - 1)), Infinity);
    return node;
  }

  private piece(index: number): number {
    const known = this.nodes.get(index);
    if (known !== undefined) return known;
    const node = this.network.addNode();
    this.nodes.set(index, node);
    this.network.addEdge(node, this.sink, this.cuts[index + 1]! - this.cuts[index]!);
    return node;
  }
}

/**
 * Upper bound of level 1 of the objective: the fixed blocks, and the optimum of the transportation problem of
 * free minutes to jobs, without chunks, buffers, daily limits and the order of jobs, except their earliest
 * start. A minute on time has the same value everywhere, so serving heavier jobs first, each as far as
 * possible, is optimal.
 */
export function levelOneCeiling(world: World): number {
  const spans = timelySpans(world);
  const network = new FlowNetwork();
  const source = network.addNode();
  const sink = network.addNode();
  const pieces = new Pieces(network, sink, [...world.free.values(), ...spans]);
  for (const [hours, free] of world.free) pieces.open(hours, free);

  let ceiling = fixedValue(world).onTime;
  for (const weight of Object.values(WEIGHTS).toSorted((a, b) => b - a)) {
    for (const job of world.jobs) {
      const own = spans[job.index]!;
      if (job.weight !== weight || job.left === 0 || own.length === 0) continue;
      const node = network.addNode();
      network.addEdge(source, node, job.left);
      pieces.connect(node, job.hours, own);
    }
    ceiling += weight * network.augment(source, sink);
  }
  return ceiling;
}
