/** A step on the way to a goal. */
export interface Milestone {
  readonly id: string;
  readonly goalId: string;
  readonly title: string;
  /** Where it stands among the others; those with the same number stand in the order in which they were made. */
  readonly sequence: number;
  readonly targetDate: string | null;
  readonly doneAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

export const MILESTONES_PER_GOAL = 100;
export const LARGEST_SEQUENCE = 1_000_000;

export const inOrder = (milestones: readonly Milestone[]): Milestone[] =>
  [...milestones].sort((one, other) => one.sequence - other.sequence || (one.id < other.id ? -1 : 1));

/** After the last one. */
export const nextSequence = (milestones: readonly Milestone[]): number =>
  Math.min(LARGEST_SEQUENCE, Math.max(0, ...milestones.map(({ sequence }) => sequence)) + 1);
