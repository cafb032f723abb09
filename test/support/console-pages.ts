/** Pages of the console by the name of their picture; `acme` stands for a workspace. */
export const CONSOLE_PAGES: Record<string, string> = {
  overview: '/',
  workspaces: '/workspaces',
  sync: '/workspaces/acme',
  week: '/workspaces/acme/week',
  plan: '/workspaces/acme/plan',
  availability: '/workspaces/acme/availability',
  'dead-letters': '/dead-letters',
  webhooks: '/webhooks',
  usage: '/usage',
  settings: '/workspaces/acme/settings',
};
