import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useRef } from 'react';
import { Empty } from './states.tsx';

const ROW_PX = 36;
const ROWS_BEYOND_THE_EDGE = 12;
/** Up to here all rows are in the page, and the table is as high as they are. */
const MOST_PLAIN_ROWS = 50;

export interface Column<Row> {
  title: string;
  /** Column of a CSS grid, such as `minmax(8rem, 2fr)`. */
  width: string;
  align?: 'end';
  /** Left out on a phone. */
  minor?: boolean;
  /** On a phone, below the rest of its row: `named` with its title before it. */
  below?: 'named' | 'bare';
  cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  /** What is said where there are no rows. */
  empty: string;
  emptyHint?: ReactNode;
  /** Called when the last rows come into view. */
  onEnd?: () => void;
}

/** A table that stays quick with tens of thousands of rows: only those in view are in the page. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, empty, emptyHint, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isPlain = rows.length <= MOST_PLAIN_ROWS && onEnd === undefined;
  const virtualizer = useVirtualizer({
    count: rows.length,
    enabled: !isPlain,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: ROWS_BEYOND_THE_EDGE,
    onChange: ({ range }) => {
      if (range !== null && range.endIndex >= rows.length - 1) onEnd?.();
    },
  });
  if (rows.length === 0) return <Empty title={empty}>{emptyHint}</Empty>;

  const widths = (shown: Column<Row>[]) => shown.map(({ width }) => width).join(' ');
  const grid = {
    '--columns': widths(columns),
    '--columns-on-a-phone': widths(columns.filter(({ minor, below }) => !minor && !(isPlain && below))),
  } as CSSProperties;
  /** Rows of which only some are in the page have one height, and so one line. */
  function classOf({ align, minor, below }: Column<Row>): string {
    const kinds = [align === 'end' && 'cell-end', minor && 'cell-minor', isPlain && below && 'cell-below'];
    return ['cell', ...kinds].filter(Boolean).join(' ');
  }
  function show(row: Row, index: number, style?: CSSProperties) {
    return (
      <div key={rowKey(row)} role="row" aria-rowindex={index + 2} className="row" style={style}>
        {columns.map((column) => (
          <div
            key={column.title}
            role="cell"
            className={classOf(column)}
            data-title={column.below === 'named' ? column.title : undefined}
          >
            {column.cell(row)}
          </div>
        ))}
      </div>
    );
  }
  return (
    <div
      ref={scroller}
      className={isPlain ? 'table' : 'table table-scrolling'}
      // A region that scrolls has to be reachable by keyboard.
      tabIndex={isPlain ? undefined : 0}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      style={grid}
    >
      <div role="rowgroup" className="table-head">
        <div role="row" aria-rowindex={1} className="row">
          {columns.map((column) => (
            <div key={column.title} role="columnheader" className={classOf(column)}>
              {column.title}
            </div>
          ))}
        </div>
      </div>
      {isPlain ? (
        <div role="rowgroup">{rows.map((row, index) => show(row, index))}</div>
      ) : (
        <div role="rowgroup" className="table-window" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer
            .getVirtualItems()
            .map(({ index, start }) =>
              show(rows[index]!, index, { position: 'absolute', transform: `translateY(${start}px)` }),
            )}
        </div>
      )}
    </div>
  );
}
