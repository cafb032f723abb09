import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { Empty, Failed, Loading } from './states.tsx';

/** While a page's code is loading. */
export function PageLoading() {
  return (
    <div className="page">
      <Loading rows={6} />
    </div>
  );
}

export function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <div className="page">
      <Failed error={error} retry={reset} />
    </div>
  );
}

export function PageMissing() {
  return (
    <main className="page">
      <h1 className="visually-hidden">Not found</h1>
      <Empty title="There is no such page" action={<Link to="/">To the overview</Link>} />
    </main>
  );
}
