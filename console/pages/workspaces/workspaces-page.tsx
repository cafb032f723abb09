import { Page } from '../../components/page.tsx';

export function WorkspacesPage() {
  return <Page title="Workspaces">…</Page>;
}
