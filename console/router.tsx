import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { overviewQueries, workspacesQuery } from './data/queries.ts';
import { queryClient } from './data/query-client.ts';
import { onlyWorkspace, sessionQuery } from './data/session.ts';
import { type Health, HEALTHS } from './components/health.tsx';
import { PageFailed, PageMissing, PageLoading } from './components/page-states.tsx';
import { Shell } from './layout/shell.tsx';

const root = createRootRoute({ notFoundComponent: PageMissing });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search.to === 'string' && /^\/(?!\/)/.test(search.to) ? { to: search.to } : {},
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignInPage'),
});

/** For frames of other sites: it needs no session, only the token in its address. */
const embed = createRoute({
  getParentRoute: () => root,
  path: '/embed/$linkId',
  component: lazyRouteComponent(() => import('./pages/embed/embed-page.tsx'), 'EmbedPage'),
});

/** All pages below need a session. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: '/sign-in', search: { to: location.href } });
    return { session };
  },
  component: Shell,
});

/** Pages about all workspaces, for admins. A key of one workspace is led to that workspace. */
const installation = createRoute({
  getParentRoute: () => signedIn,
  id: 'installation',
  beforeLoad: ({ context }) => {
    const workspaceId = onlyWorkspace(context.session);
    if (workspaceId !== null) throw redirect({ to: '/workspaces/$workspaceId', params: { workspaceId } });
  },
});

const workspace = createRoute({
  getParentRoute: () => signedIn,
  path: '/workspaces/$workspaceId',
  component: lazyRouteComponent(() => import('./pages/workspace/workspace-frame.tsx'), 'WorkspaceFrame'),
});

const routeTree = root.addChildren([
  signIn,
  embed,
  signedIn.addChildren([
    installation.addChildren([
      createRoute({
        getParentRoute: () => installation,
        path: '/',
        // Asked while the page's code loads; the page does not wait for the answers.
        loader: () => overviewQueries.forEach((query) => void queryClient.prefetchQuery(query)),
        component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
      }),
      createRoute({
        getParentRoute: () => installation,
        path: '/workspaces',
        validateSearch: (search: Record<string, unknown>): { q?: string; health?: Health } => ({
          ...(typeof search.q === 'string' && { q: search.q }),
          ...(HEALTHS.includes(search.health as Health) && { health: search.health as Health }),
        }),
        loaderDeps: ({ search }) => search,
        loader: ({ deps: { q = '', health } }) =>
          void queryClient.prefetchInfiniteQuery(workspacesQuery(q, health)),
        component: lazyRouteComponent(
          () => import('./pages/workspaces/workspaces-page.tsx'),
          'WorkspacesPage',
        ),
      }),
      createRoute({
        getParentRoute: () => installation,
        path: '/availability',
        component: lazyRouteComponent(
          () => import('./pages/availability/availability-page.tsx'),
          'AvailabilityPage',
        ),
      }),
      createRoute({
        getParentRoute: () => installation,
        path: '/settings',
        component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
      }),
      createRoute({
        getParentRoute: () => installation,
        path: '/dead-letters',
        component: lazyRouteComponent(
          () => import('./pages/dead-letters/dead-letters-page.tsx'),
          'DeadLettersPage',
        ),
      }),
      createRoute({
        getParentRoute: () => installation,
        path: '/webhooks',
        component: lazyRouteComponent(() => import('./pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
      }),
      createRoute({
        getParentRoute: () => installation,
        path: '/usage',
        component: lazyRouteComponent(() => import('./pages/usage/usage-page.tsx'), 'UsagePage'),
      }),
    ]),
    workspace.addChildren([
      createRoute({
        getParentRoute: () => workspace,
        path: '/',
        component: lazyRouteComponent(() => import('./pages/workspace/workspace-page.tsx'), 'WorkspacePage'),
      }),
      createRoute({
        getParentRoute: () => workspace,
        path: '/week',
        component: lazyRouteComponent(() => import('./pages/week/week-page.tsx'), 'WeekPage'),
      }),
      createRoute({
        getParentRoute: () => workspace,
        path: '/plan',
        component: lazyRouteComponent(() => import('./pages/plan/plan-page.tsx'), 'PlanPage'),
      }),
      createRoute({
        getParentRoute: () => workspace,
        path: '/availability',
        component: lazyRouteComponent(
          () => import('./pages/availability/availability-page.tsx'),
          'AvailabilityPage',
        ),
      }),
      createRoute({
        getParentRoute: () => workspace,
        path: '/settings',
        component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
      }),
      createRoute({
        getParentRoute: () => workspace,
        path: '/dead-letters',
        component: lazyRouteComponent(
          () => import('./pages/dead-letters/dead-letters-page.tsx'),
          'DeadLettersPage',
        ),
      }),
      createRoute({
        getParentRoute: () => workspace,
        path: '/webhooks',
        component: lazyRouteComponent(() => import('./pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
      }),
      createRoute({
        getParentRoute: () => workspace,
        path: '/usage',
        component: lazyRouteComponent(() => import('./pages/usage/usage-page.tsx'), 'UsagePage'),
      }),
    ]),
  ]),
]);

export const router = createRouter({
  routeTree,
  basepath: '/console',
  defaultPreload: 'intent',
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: PageMissing,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
