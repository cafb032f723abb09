/** With more IDs than this none are handed on, and the successor assumes that no request was served. */
const MOST_HANDED_ON = 1_000;

/** IDs of requests by the pass that serves them, so that a caller can learn whether its own was served. */
export class RequestIds {
  private readonly ids: { pass: number; id: string }[] = [];

  constructor(inherited: readonly string[] = []) {
    for (const id of inherited) this.add(0, id);
  }

  add(pass: number, id: string | null | undefined): void {
    if (id) this.ids.push({ pass, id });
  }

  /** IDs from this pass on; undefined if they are too many to hand on. */
  since(oldestPass: number, nextPass: number): string[] | undefined {
    const first = Math.min(oldestPass, nextPass);
    const waiting = this.ids.flatMap(({ pass, id }) => (pass >= first ? [id] : []));
    return waiting.length > MOST_HANDED_ON ? undefined : waiting;
  }
}
