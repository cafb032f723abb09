import type { Environment } from '../../contracts/environment.ts';
import type { Sending } from './send-message.ts';

/** How messages leave a process with this environment. */
export function sendingOf({
  SMTP_URL: url,
  SMTP_FROM: from,
  NOTIFIER_ALLOWED_NETWORKS: networks,
}: Pick<Environment, 'SMTP_URL' | 'SMTP_FROM' | 'NOTIFIER_ALLOWED_NETWORKS'>): Sending {
  return {
    mail: url === undefined || from === undefined ? null : { url, from },
    webhooks: { installation: { networks }, workspaces: {} },
  };
}
