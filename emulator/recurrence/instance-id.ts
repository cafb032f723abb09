/** `{masterId}_{yyyymmdd}` for all-day series, `{masterId}_{yyyymmddThhmmssZ}` for timed ones. */
export function instanceId(masterId: string, startMs: number, allDay: boolean): string {
  const stamp = new Date(startMs).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${masterId}_${allDay ? stamp.slice(0, 8) : stamp}`;
}

/** Takes an instance ID apart; undefined if it does not look like one. */
export function parseInstanceId(
  id: string,
): { masterId: string; startMs: number; allDay: boolean } | undefined {
  const match = /^(.+)_(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/.exec(id);
  if (!match) return undefined;
  const [, masterId, y, m, d, hh = '0', mm = '0', ss = '0'] = match;
  const startMs = Date.UTC(Number(y), Number(m) - 1, Number(d), Number(hh), Number(mm), Number(ss));
  return { masterId: masterId!, startMs, allDay: match[5] === undefined };
}
