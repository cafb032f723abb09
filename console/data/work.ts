import type { paths } from './types.ts';

type BodyOf<Path extends keyof paths> = paths[Path] extends {
  post: { requestBody: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

/** Fields of a form: an empty one is undefined, and is not sent. */
type Typed<Fields> = { [Name in keyof Fields]: Fields[Name] | undefined };

export type NewTask = BodyOf<'/api/v1/workspaces/{workspaceId}/tasks'>;
export type NewHabit = BodyOf<'/api/v1/workspaces/{workspaceId}/habits'>;

export type TypedTask = Typed<
  Pick<
    NewTask,
    'title' | 'durationMinutes' | 'priority' | 'hours' | 'splittable' | 'minChunkMinutes' | 'maxChunkMinutes'
  >
>;
export type TypedHabit = Typed<
  Pick<
    NewHabit,
    'title' | 'durationMinutes' | 'priority' | 'hours' | 'rrule' | 'minMinutes' | 'idealTime' | 'preference'
  >
>;
