import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useEffect } from 'react';
import { sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { type Health, HealthBadge, HEALTHS, sayHealth } from '../../components/health.tsx';
import { Page } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { workspacesQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';

type Workspace = Answer<'/api/v1/workspaces'>[number];

const COLUMNS: Column<Workspace>[] = [
  {
    title: 'Workspace',
    width: 'minmax(8rem, 2fr)',
    cell: ({ id }) => (
      <Link to="/workspaces/$workspaceId" params={{ workspaceId: id }}>
        {id}
      </Link>
    ),
  },
  { title: 'Name', width: 'minmax(8rem, 2fr)', minor: true, cell: ({ name }) => name },
  {
    title: 'Health',
    width: '9rem',
    cell: ({ health }) => health && <HealthBadge health={health} />,
  },
  {
    title: 'Status',
    width: '6rem',
    minor: true,
    cell: ({ status }) => (status === 'active' ? <span className="quiet">active</span> : status),
  },
  { title: 'Zone', width: 'minmax(8rem, 1fr)', minor: true, cell: ({ timeZone }) => timeZone },
  {
    title: 'Accounts',
    width: '5rem',
    align: 'end',
    minor: true,
    cell: ({ accounts }) => sayNumber(accounts),
  },
  { title: 'Calendars', width: '5rem', align: 'end', cell: ({ calendars }) => sayNumber(calendars) },
  { title: 'Made', width: '8rem', minor: true, cell: ({ createdAt }) => <Ago at={createdAt} /> },
];

/** All workspaces, searched by the beginning of ID or name, and by health. */
export function WorkspacesPage() {
  const { q = '', health } = useSearch({ from: '/signed-in/installation/workspaces' });
  const navigate = useNavigate({ from: '/workspaces' });
  const search = useDeferredValue(q);
  const found = useInfiniteQuery(workspacesQuery(search, health));
  const rows = found.data?.pages.flatMap((page) => page.rows) ?? [];
  const { hasNextPage, isFetching, fetchNextPage } = found;
  const isFilteredEmpty = rows.length === 0 && hasNextPage;

  // A filtered page may be empty though others follow.
  useEffect(() => {
    if (isFilteredEmpty && !isFetching) void fetchNextPage();
  }, [isFilteredEmpty, isFetching, fetchNextPage]);

  function change(next: { q?: string; health?: Health | undefined }) {
    const { q: words, health: kept } = { q, health, ...next };
    void navigate({ replace: true, search: { ...(words && { q: words }), ...(kept && { health: kept }) } });
  }
  return (
    <Page title="Workspaces">
      <div className="filters" role="search">
        <input
          type="search"
          aria-label="Beginning of ID or name"
          placeholder="Beginning of ID or name"
          value={q}
          onChange={(event) => change({ q: event.target.value })}
        />
        <label>
          Health{' '}
          <select
            value={health ?? ''}
            onChange={(event) => change({ health: (event.target.value || undefined) as Health | undefined })}
          >
            <option value="">any</option>
            {HEALTHS.map((one) => (
              <option key={one} value={one}>
                {sayHealth(one)}
              </option>
            ))}
          </select>
        </label>
        <span role="status" className="quiet">
          {found.data && `${sayNumber(rows.length)}${hasNextPage ? ' or more' : ''} found`}
        </span>
      </div>
      <div className="section">
        <Loaded query={found} rows={10}>
          {() => (
            <DataTable
              label="Workspaces"
              columns={COLUMNS}
              rows={rows}
              rowKey={({ id }) => id}
              empty={q === '' && health === undefined ? 'There is no workspace yet' : 'No workspace matches'}
              {...(hasNextPage && { onEnd: () => !isFetching && void fetchNextPage() })}
            />
          )}
        </Loaded>
      </div>
    </Page>
  );
}
