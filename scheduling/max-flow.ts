/** Maximum flow by Dinic's algorithm. Edges may be added between calls of `augment`, which keep the flow. */
export class FlowNetwork {
  private readonly targets: number[] = [];
  private readonly capacities: number[] = [];
  private readonly edges: number[][] = [];

  addNode(): number {
    return this.edges.push([]) - 1;
  }

  addEdge(from: number, to: number, capacity: number): void {
    this.edges[from]!.push(this.targets.push(to) - 1);
    this.capacities.push(capacity);
    this.edges[to]!.push(this.targets.push(from) - 1);
    this.capacities.push(0);
  }

  /** Increases the flow to the maximum and returns the increase. */
  augment(source: number, sink: number): number {
    let sent = 0;
    for (let levels = this.levels(source, sink); levels; levels = this.levels(source, sink)) {
      const next = new Int32Array(this.edges.length);
      for (let pushed = 1; pushed > 0; sent += pushed)
        pushed = this.push(source, sink, Infinity, levels, next);
    }
    return sent;
  }

  /** Distances from the source over edges with capacity left; null if the sink is out of reach. */
  private levels(source: number, sink: number): Int32Array | null {
    const levels = new Int32Array(this.edges.length).fill(-1);
    levels[source] = 0;
    const queue = [source];
    for (let head = 0; head < queue.length; head++) {
      const node = queue[head]!;
      for (const edge of this.edges[node]!) {
        const target = this.targets[edge]!;
        if (levels[target]! >= 0 || this.capacities[edge]! <= 0) continue;
        levels[target] = levels[node]! + 1;
        queue.push(target);
      }
    }
    return levels[sink]! < 0 ? null : levels;
  }

  private push(node: number, sink: number, limit: number, levels: Int32Array, next: Int32Array): number {
    if (node === sink) return limit;
    const edges = this.edges[node]!;
    for (; next[node]! < edges.length; next[node]!++) {
      const edge = edges[next[node]!]!;
      const target = this.targets[edge]!;
      if (this.capacities[edge]! <= 0 || levels[target] !== levels[node]! + 1) continue;
      const sent = this.push(target, sink, Math.min(limit, this.capacities[edge]!), levels, next);
      if (sent === 0) continue;
      this.capacities[edge]! -= sent;
      this.capacities[edge ^ 1]! += sent;
      return sent;
    }
    return 0;
  }
}
