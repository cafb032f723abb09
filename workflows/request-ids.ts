/** A successor that would have to be told of more takes none of them for served. */
const MOST_HANDED_ON = 1_000;

/** IDs of requests by the pass that serves them, for callers who ask whether theirs has been served. */
export class RequestIds {
  private readonly ids: { pass: number; id: string }[] = [];

  constructor(inherited: readonly string[] = []) {
    for (const id of inherited) this.add(0, id);
  }

  add(pass: number, id: string | null | undefined): void {
    if (id) this.ids.push({ pass, id });
  }

  /** Those from this pass on; undefined where they are too many to name. */
  since(oldestPass: number, nextPass: number): string[] | undefined {
    const first = Math.min(oldestPass, nextPass);
    const waiting = this.ids.flatMap(({ pass, id }) => (pass >= first ? [id] : []));
    return waiting.length > MOST_HANDED_ON ? undefined : waiting;
  }
}
