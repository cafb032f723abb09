import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { type ApiKey, keysOf, revokeKey } from '../../data/keys.ts';
import { meQuery } from '../../data/settings.ts';
import { CreateKey } from './create-key.tsx';

const TONES = { active: 'good', expired: 'quiet', revoked: 'quiet' } as const;

const COLUMNS: Column<ApiKey>[] = [
  { title: 'Name', width: 'minmax(6rem, 1fr)', cell: ({ name, id }) => <span title={id}>{name}</span> },
  {
    title: 'Valid for',
    width: 'minmax(6rem, 1fr)',
    minor: true,
    cell: ({ workspaceId }) => workspaceId ?? 'all workspaces',
  },
  {
    title: 'May',
    width: '7rem',
    minor: true,
    cell: ({ readOnly }) => (readOnly ? 'read' : 'read and change'),
  },
  { title: 'Status', width: '5rem', cell: ({ status }) => <Badge tone={TONES[status]}>{status}</Badge> },
  { title: 'Last used', width: '6rem', minor: true, cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} /> },
  {
    title: 'Expires',
    width: '6rem',
    minor: true,
    cell: ({ expiresAt }) => <Ago at={expiresAt} never="never" />,
  },
];

/** Keys of the API, of one workspace or all, for admins. */
export function Keys({ workspaceId }: { workspaceId: string | undefined }) {
  const keys = useQuery(keysOf(workspaceId));
  const { data: me } = useQuery(meQuery);
  const revoke = useAction({
    run: (key: ApiKey) => revokeKey(key.id),
    said: (_, { name }) => `${name} is revoked, with its sessions and embed links.`,
    changes: [['keys'], ['sessions']],
  });
  const actions: Column<ApiKey> = {
    title: 'Actions',
    width: '6rem',
    align: 'end',
    cell: (key) =>
      key.status === 'active' && (
        <span className="row-actions">
          <Confirm
            title="Revoke this key?"
            body={`What uses ${key.name} is refused from then on.${key.id === me?.keyId ? ' This session came from it, and ends.' : ''}`}
            confirm="Revoke"
            onConfirm={() => revoke.mutate(key)}
          >
            <Button className="button" aria-label={`Revoke ${key.name}`}>
              Revoke
            </Button>
          </Confirm>
        </span>
      ),
  };
  return (
    <Section title="Keys">
      <CreateKey workspaceId={workspaceId} />
      <Loaded query={keys} rows={3}>
        {(rows) => (
          <DataTable
            label="Keys"
            columns={[...COLUMNS, actions]}
            rows={rows}
            rowKey={({ id }) => id}
            empty="There is no key yet"
            emptyHint="With a key a program uses the API, and a person signs in to the console."
          />
        )}
      </Loaded>
    </Section>
  );
}
