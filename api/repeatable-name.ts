/** Whether an answer may repeat a name that a caller has sent: nothing else can stand in it. */
export function isRepeatable(name: unknown): name is string {
  return typeof name === 'string' && /^\w{1,64}$/.test(name);
}
