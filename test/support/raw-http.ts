import { once } from 'node:events';
import { connect } from 'node:net';

interface RawOptions {
  /** Sent again and again after the first part, until the other side ends the connection. */
  dribble?: { text: string; everyMs: number };
}

/** All that a connection is sent until the other side ends it, after it has sent `text` byte for byte. */
export async function exchange(
  url: string,
  text: string | Uint8Array,
  { dribble }: RawOptions = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname.replaceAll(/[[\]]/g, ''));
  // The other side may refuse before all is sent.
  socket.on('error', () => {});
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(text);
  const timer = dribble && setInterval(() => socket.writable && socket.write(dribble.text), dribble.everyMs);
  await once(socket, 'close');
  clearInterval(timer);
  return Buffer.concat(chunks).toString();
}
