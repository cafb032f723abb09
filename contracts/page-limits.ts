/** What the answer to one read has at most, however many rows were asked for. A single row may be larger. */
export const MOST_PAGE_BYTES = 4 * 1_024 * 1_024;
