import { MOST_PAGE_BYTES } from '../contracts/limits.ts';

/** Rows that are read at a time, however many a page has: of one that is full of long rows, few are thrown away. */
const ROWS_AT_A_TIME = 1_000;

/** What a list is asked for. */
export interface PageRequest<Position> {
  /** `cursor` of the page before. */
  after?: Position | undefined;
  limit: number;
}

export interface Page<Row, Position> {
  rows: Row[];
  /** Where the next page starts; absent on the last. */
  cursor?: Position;
}

/**
 * One page of a list: ends with `limit` rows or before `MOST_PAGE_BYTES`, whichever comes first, and has one row at
 * least where there is one. What lies behind it is read no further than for a step.
 */
export async function readPage<Row, Position>(
  { after, limit }: PageRequest<Position>,
  /** Reads at most `take` rows behind a position, in the order of the list. */
  read: (after: Position | undefined, take: number) => Promise<Row[]>,
  positionOf: (row: Row) => Position,
  rowsAtATime: number = ROWS_AT_A_TIME,
): Promise<Page<Row, Position>> {
  const rows: Row[] = [];
  let position = after;
  let bytes = 0;
  for (;;) {
    // One more than the page has tells whether there is another.
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

/** Every row of a list, page by page. For those who print it: it is as long as a quota allows. */
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
