import { MOST_PAGE_BYTES } from '../contracts/limits.ts';

/**
 * Rows read by one query, however many a page has. If long rows fill a page early, few rows are discarded.
 */
const ROWS_AT_A_TIME = 1_000;

/** Request for one page of a list. */
export interface PageRequest<Position> {
  /** `cursor` of the previous page; absent for the first. */
  after?: Position | undefined;
  limit: number;
}

export interface Page<Row, Position> {
  rows: Row[];
  /** Position at which the next page starts; absent on the last page. */
  cursor?: Position;
}

/**
 * Reads one page of a list. It ends after `limit` rows or before `MOST_PAGE_BYTES`, whichever comes first,
 * and has at least one row if any is left.
 */
export async function readPage<Row, Position>(
  { after, limit }: PageRequest<Position>,
  /** Reads at most `take` rows after a position, in the order of the list. */
  read: (after: Position | undefined, take: number) => Promise<Row[]>,
  positionOf: (row: Row) => Position,
  rowsAtATime: number = ROWS_AT_A_TIME,
): Promise<Page<Row, Position>> {
  const rows: Row[] = [];
  let position = after;
  let bytes = 0;
  for (;;) {
    // One row more than the page holds shows whether there is another page.
    const take = Math.min(rowsAtATime, limit - rows.length + 1);
    const step = await read(position, take);
    for (const row of step) {
      bytes += Buffer.byteLength(JSON.stringify(row));
      const isFull = rows.length === limit || bytes > MOST_PAGE_BYTES;
      if (isFull && rows.length > 0 && position !== undefined) return { rows, cursor: position };
      rows.push(row);
      position = positionOf(row);
    }
    if (step.length < take) return { rows };
  }
}

/** Reads every row of a list, page by page. Meant for lists whose length a quota limits. */
export async function readAllPages<Row, Position>(
  read: (request: PageRequest<Position>) => Promise<Page<Row, Position>>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let after: Position | undefined;
  do {
    const page = await read({ after, limit: ROWS_AT_A_TIME });
    rows.push(...page.rows);
    after = page.cursor;
  } while (after !== undefined);
  return rows;
}
