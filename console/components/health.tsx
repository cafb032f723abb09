import type { Answer } from '../data/types.ts';

export type Health = Answer<'/api/v1/status'>['overall']['health'];

/** Worst first, as the API orders them. */
export const HEALTHS = [
  'needs_reconnect',
  'drifted',
  'failing',
  'inaccessible',
  'missing',
  'stale',
  'degraded',
  'pending',
  'healthy',
  'disabled',
] as const satisfies Health[];

const TONES: Record<Health, 'bad' | 'warn' | 'good' | 'quiet'> = {
  needs_reconnect: 'bad',
  drifted: 'bad',
  failing: 'bad',
  inaccessible: 'bad',
  missing: 'bad',
  stale: 'warn',
  degraded: 'warn',
  pending: 'quiet',
  healthy: 'good',
  disabled: 'quiet',
};

export const sayHealth = (health: Health): string => health.replaceAll('_', ' ');

/** The word says it; the colour only repeats it. */
export function HealthBadge({ health }: { health: Health }) {
  return <Badge tone={TONES[health]}>{sayHealth(health)}</Badge>;
}

export function Badge({ tone, children }: { tone: 'bad' | 'warn' | 'good' | 'quiet'; children: string }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}
