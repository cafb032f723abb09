interface ServerSentEvent {
  id: string;
  event: string;
  data: string;
}

export interface EventStream {
  status: number;
  headers: Headers;
  /** Events so far. */
  events: ServerSentEvent[];
  /** Comments so far. */
  comments: string[];
  /** What a browser sends as `Last-Event-ID` when it connects again. */
  lastEventId: () => string | undefined;
  /** Resolves when the server has ended the stream; rejects when it was cut. */
  ended: Promise<void>;
  close(): void;
}

/** Opens a stream of server-sent events and reads it as a browser does. */
export async function openEventStream(url: string, headers: Record<string, string>): Promise<EventStream> {
  const closing = new AbortController();
  const answer = await fetch(url, { headers, signal: closing.signal });
  const [events, comments]: [ServerSentEvent[], string[]] = [[], []];
  let lastEventId: string | undefined;
  async function read() {
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').map((line) => /^([^:]*): ?(.*)$/.exec(line)!.slice(1, 3) as [string, string]),
        );
        lastEventId = fields.get('id') ?? lastEventId;
        if (fields.has('data'))
          events.push({
            id: fields.get('id') ?? '',
            event: fields.get('event') ?? '',
            data: fields.get('data')!,
          });
        if (fields.has('')) comments.push(fields.get('')!);
      }
    }
  }
  const ended = read();
  ended.catch(() => undefined);
  return {
    status: answer.status,
    headers: answer.headers,
    events,
    comments,
    lastEventId: () => lastEventId,
    ended,
    close: () => closing.abort(),
  };
}
