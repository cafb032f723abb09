import { shortScope } from './scopes.ts';

interface ConsentForm {
  clientId: string;
  emails: readonly string[];
  /** Scopes that are asked for. The user can untick each. */
  scopes: readonly string[];
  /** Other parameters, which are sent along. */
  parameters: Readonly<Record<string, string>>;
}

/** The consent page: a box per scope, and a button per user, which consents to those that are ticked. */
export function authorizePage({ clientId, emails, scopes, parameters }: ConsentForm): string {
  const hidden = Object.entries(parameters)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('\n');
  const boxes = scopes
    .map(
      (scope) =>
        `<li><label><input type="checkbox" name="scope" value="${escapeHtml(scope)}" checked> ${escapeHtml(shortScope(scope))}</label></li>`,
    )
    .join('\n');
  const buttons = emails
    .map((email) => escapeHtml(email))
    .map((email) => `<li><button name="login_hint" value="${email}">${email}</button></li>`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Choose an account</title>
<style>body{font:16px system-ui;max-width:28rem;margin:4rem auto;padding:0 1rem}li{margin:.5rem 0}</style></head>
<body>
<h1>Choose an account</h1>
<p>to continue to <b>${escapeHtml(clientId)}</b>. This is a calendar emulator, not Google.</p>
<form>
${hidden}
<p>What it may do:</p>
<ul>
${boxes}
</ul>
<ul>
${buttons || '<li>No user exists yet.</li>'}
</ul>
</form>
</body>
</html>
`;
}

/** Makes text safe inside HTML text and attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
