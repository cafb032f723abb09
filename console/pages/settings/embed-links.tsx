import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Choice, Field } from '../../components/field.tsx';
import { Section } from '../../components/page.tsx';
import { SecretShownOnce } from '../../components/secret-shown-once.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { type EmbedLink, embedLinksOf } from '../../data/settings.ts';

const LASTS = [
  ['60', '1 hour'],
  ['480', '8 hours'],
  ['1440', '1 day'],
] as const;

const COLUMNS: Column<EmbedLink>[] = [
  { title: 'Site', width: 'minmax(8rem, 2fr)', cell: ({ frameOrigin }) => frameOrigin },
  {
    title: 'Calendars',
    width: '6rem',
    minor: true,
    cell: ({ calendarIds }) => (calendarIds.length === 0 ? 'all enabled' : String(calendarIds.length)),
  },
  { title: 'Zone', width: 'minmax(6rem, 1fr)', minor: true, cell: ({ timeZone }) => timeZone },
  { title: 'Ends', width: '6rem', cell: ({ expiresAt }) => <Ago at={expiresAt} /> },
];

/** Links that show this workspace's calendars in a frame of another site. */
export function EmbedLinks({ workspaceId }: { workspaceId: string }) {
  const links = useQuery(embedLinksOf(workspaceId));
  const [frameOrigin, setFrameOrigin] = useState('');
  const [minutes, setMinutes] = useState<(typeof LASTS)[number][0]>('60');
  const [url, setUrl] = useState<string | null>(null);
  const { queryKey } = embedLinksOf(workspaceId);
  const revoke = useAction({
    run: remove,
    said: () => 'The view shows nothing from now on.',
    changes: [[...queryKey]],
  });
  const create = useAction({
    run: () =>
      unwrap(
        api.POST('/api/v1/workspaces/{workspaceId}/embed-links', {
          params: { path: { workspaceId } },
          body: { frameOrigin, expiresInMinutes: Number(minutes) },
        }),
      ),
    said: (link) => `Pages of ${link.frameOrigin} can show the week in a frame.`,
    undo:
      ({ id }) =>
      () =>
        remove(id),
    changes: [[...queryKey]],
  });
  function remove(linkId: string) {
    return unwrap(
      api.DELETE('/api/v1/workspaces/{workspaceId}/embed-links/{linkId}', {
        params: { path: { workspaceId, linkId } },
      }),
    );
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(undefined, {
      onSuccess: (link) => {
        setFrameOrigin('');
        setUrl(link.url);
      },
    });
  }
  const actions: Column<EmbedLink> = {
    title: 'Actions',
    below: 'bare',
    width: '6rem',
    align: 'end',
    cell: ({ id, frameOrigin: site }) => (
      <span className="row-actions">
        <Confirm
          title="Revoke this link?"
          body={`The frame at ${site} shows nothing from then on.`}
          confirm="Revoke"
          onConfirm={() => revoke.mutate(id)}
        >
          <Button className="button" aria-label={`Revoke the link of ${site}`}>
            Revoke
          </Button>
        </Confirm>
      </span>
    ),
  };
  return (
    <Section title="Week in other sites">
      <form className="form" onSubmit={submit}>
        <Field label="Origin of the site" isWide>
          <input
            type="url"
            required
            placeholder="https://intranet.example.com"
            value={frameOrigin}
            onChange={(event) => setFrameOrigin(event.target.value)}
          />
        </Field>
        <Choice label="Lasts" value={minutes} options={LASTS} onChange={setMinutes} />
        <Button type="submit" className="button button-primary" isDisabled={create.isPending}>
          Create link
        </Button>
      </form>
      <Loaded query={links} rows={2}>
        {(rows) => (
          <DataTable
            label="Embed links"
            columns={[...COLUMNS, actions]}
            rows={rows}
            rowKey={({ id }) => id}
            empty="No link is valid now"
          />
        )}
      </Loaded>
      <SecretShownOnce title="Address for the frame" secret={url} close={() => setUrl(null)} />
    </Section>
  );
}
