import { CircleAlert, Inbox, Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { toProblem } from '../data/problem.ts';

const FORBIDDEN = 403;
const ICON_SIZE = 20;

interface NoteProps {
  title: string;
  children?: ReactNode;
  /** What the reader can do next. */
  action?: ReactNode;
}

/** There is nothing to show, and what brings something. */
export function Empty({ title, children, action }: NoteProps) {
  return (
    <div className="state">
      <Inbox aria-hidden size={ICON_SIZE} />
      <p className="state-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}

/** Rows in grey while the first answer is awaited. */
export function Loading({ rows = 4, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} />
      ))}
    </div>
  );
}

interface FailedProps {
  error: unknown;
  retry?: (() => unknown) | undefined;
}

/** What went wrong, in the API's words, which name the remedy. */
export function Failed({ error, retry }: FailedProps) {
  const { status, message, correlationId } = toProblem(error);
  if (status === FORBIDDEN)
    return (
      <div className="state" role="alert">
        <Lock aria-hidden size={ICON_SIZE} />
        <p className="state-title">This session may not see this</p>
        <p>{message}</p>
      </div>
    );
  return (
    <div className="state state-failed" role="alert">
      <CircleAlert aria-hidden size={ICON_SIZE} />
      <p className="state-title">{message}</p>
      {correlationId !== undefined && (
        <p className="quiet">
          In logs: <code>{correlationId}</code>
        </p>
      )}
      {retry !== undefined && (
        <Button className="button" onPress={() => retry()}>
          Try again
        </Button>
      )}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

interface LoadedProps<T> {
  query: Asked<T>;
  /** Height while loading, in rows. */
  rows?: number;
  children: (data: T) => ReactNode;
}

/**
 * What a query has brought, or its state until then. Data that is there stays while the API is away, with the reason above it.
 *
 * @example
 * <Loaded query={useQuery(statusQuery)}>{(status) => <Counts status={status} />}</Loaded>
 */
export function Loaded<T>({ query, rows, children }: LoadedProps<T>) {
  if (query.data === undefined)
    return query.error ? (
      <Failed error={query.error} retry={query.refetch} />
    ) : (
      <Loading {...(rows !== undefined && { rows })} />
    );
  return (
    <>
      {query.error ? <p className="stale">{toProblem(query.error).message}</p> : null}
      {children(query.data)}
    </>
  );
}
