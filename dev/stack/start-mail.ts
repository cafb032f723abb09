import { stackPaths } from '../stack-paths.ts';
import { keepMail } from '../mail/keep-mails.ts';
import { startMailServer } from '../mail/start-mail-server.ts';
import type { Part } from '../processes/part.ts';

interface MailPart extends Part {
  /** For `SMTP_URL`. */
  url: string;
}

/** Starts a mail server in this process that delivers nothing: it keeps the latest mails for looking at. */
export async function startMail(options: {
  port: number;
  directory: string;
  onMail: (file: string) => void;
}): Promise<MailPart> {
  const { port, directory, onMail } = options;
  const { mails } = stackPaths(directory);
  const server = await startMailServer({
    port,
    onMail: async (content) => onMail(await keepMail(mails, content)),
  });
  return {
    name: 'The mail server',
    logFile: mails,
    url: server.url,
    pids: [],
    // It ends with this process.
    ended: new Promise(() => undefined),
    stop: () => server.close(),
  };
}
