/** Task queues of the floor: workflows and activities apart, as Almanac's are. */
export const FLOOR_WORKFLOWS = 'bench-floor-workflows';
export const FLOOR_ACTIVITIES = 'bench-floor-activities';

export interface FloorInput {
  children: number;
}

export interface FloorPartitionInput {
  fanOutId: string;
  from: number;
  to: number;
}
