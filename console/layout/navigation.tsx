import { Link, linkOptions, useParams } from '@tanstack/react-router';
import {
  CalendarDays,
  ChartColumn,
  Gauge,
  Layers,
  ListTodo,
  MailWarning,
  RefreshCw,
  Settings,
  Users,
  Webhook,
} from 'lucide-react';
import { onlyWorkspace, type Session } from '../data/session.ts';

const ICON_SIZE = 16;

/** Pages about all workspaces. */
export const INSTALLATION_PAGES = [
  { title: 'Overview', icon: Gauge, link: linkOptions({ to: '/' }) },
  { title: 'Workspaces', icon: Layers, link: linkOptions({ to: '/workspaces' }) },
  { title: 'Availability', icon: Users, link: linkOptions({ to: '/availability' }) },
  { title: 'Dead letters', icon: MailWarning, link: linkOptions({ to: '/dead-letters' }) },
  { title: 'Webhooks', icon: Webhook, link: linkOptions({ to: '/webhooks' }) },
  { title: 'Usage', icon: ChartColumn, link: linkOptions({ to: '/usage' }) },
  { title: 'Settings', icon: Settings, link: linkOptions({ to: '/settings' }) },
];

/** Pages about one workspace. */
const WORKSPACE_PAGES = [
  { title: 'Sync', icon: RefreshCw, to: '/workspaces/$workspaceId' },
  { title: 'Week', icon: CalendarDays, to: '/workspaces/$workspaceId/week' },
  { title: 'Plan', icon: ListTodo, to: '/workspaces/$workspaceId/plan' },
  { title: 'Availability', icon: Users, to: '/workspaces/$workspaceId/availability' },
  { title: 'Dead letters', icon: MailWarning, to: '/workspaces/$workspaceId/dead-letters' },
  { title: 'Webhooks', icon: Webhook, to: '/workspaces/$workspaceId/webhooks' },
  { title: 'Usage', icon: ChartColumn, to: '/workspaces/$workspaceId/usage' },
  { title: 'Settings', icon: Settings, to: '/workspaces/$workspaceId/settings' },
] as const;

interface NavigationProps {
  session: Session;
  /** On a phone it is shown when it is asked for. */
  isOpen: boolean;
  close: () => void;
}

export function Navigation({ session, isOpen, close }: NavigationProps) {
  const params = useParams({ strict: false });
  const workspaceId = onlyWorkspace(session) ?? params.workspaceId;
  return (
    <nav className={isOpen ? 'navigation navigation-open' : 'navigation'} aria-label="Pages">
      {session.scope === 'admin' && (
        <ul>
          {INSTALLATION_PAGES.map(({ title, icon: Icon, link }) => (
            <li key={title}>
              <Link {...link} onClick={close} activeOptions={{ exact: true }}>
                <Icon aria-hidden size={ICON_SIZE} />
                {title}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {workspaceId !== undefined && (
        <>
          <h2 className="navigation-title" title={workspaceId}>
            {workspaceId}
          </h2>
          <ul>
            {WORKSPACE_PAGES.map(({ title, icon: Icon, to }) => (
              <li key={title}>
                <Link
                  to={to}
                  params={{ workspaceId }}
                  onClick={close}
                  activeOptions={{ exact: true, includeSearch: false }}
                >
                  <Icon aria-hidden size={ICON_SIZE} />
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}
