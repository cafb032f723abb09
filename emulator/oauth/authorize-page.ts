/** The consent page: one button per user. `action` is the query that grants consent for each. */
export function authorizePage(clientId: string, choices: { email: string; href: string }[]): string {
  const buttons = choices
    .map(({ email, href }) => `<li><a href="${escapeHtml(href)}">${escapeHtml(email)}</a></li>`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Choose an account</title>
<style>body{font:16px system-ui;max-width:28rem;margin:4rem auto;padding:0 1rem}li{margin:.5rem 0}</style></head>
<body>
<h1>Choose an account</h1>
<p>to continue to <b>${escapeHtml(clientId)}</b>. This is a calendar emulator, not Google.</p>
<ul>
${buttons || '<li>No user exists yet.</li>'}
</ul>
</body>
</html>
`;
}

/** Makes text safe inside HTML text and attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
