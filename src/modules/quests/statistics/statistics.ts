import { dateOf, dayOf } from '../../../platform/local-time.js';
import { PRIORITIES, type Priority, type Task } from '../quest.js';

/** A task that was completed, and on which day that was where its user is. */
export interface Completion extends Pick<Task, 'dueDate' | 'priority'> {
  readonly completedOn: string;
}

interface Share {
  readonly completed: number;
  /** Completed on or before the day it was due. */
  readonly onTime: number;
}

export interface Statistics extends Share {
  /** 0 to 1, in four decimals; null when nothing was completed. */
  readonly onTimeRate: number | null;
  readonly currentStreak: number;
  readonly longestStreak: number;
  readonly heatmap: readonly { readonly date: string; readonly count: number }[];
  readonly byPriority: Readonly<Record<Priority | 'none', Share>>;
}

/**
 * What a person has done from one day to another, both included; docs/quests.md defines each figure.
 * @param completions of these days, in no order
 */
export function statisticsOf(
  completions: readonly Completion[],
  { from, to, today }: { readonly from: string; readonly to: string; readonly today: string },
): Statistics {
  const counts = new Map<string, number>();
  for (const { completedOn } of completions) counts.set(completedOn, (counts.get(completedOn) ?? 0) + 1);
  const heatmap: { date: string; count: number }[] = [];
  for (let day = dayOf(from); day <= dayOf(to); day += 1)
    heatmap.push({ date: dateOf(day), count: counts.get(dateOf(day)) ?? 0 });

  const whole = shareOf(completions);
  const byPriority = Object.fromEntries(
    [...PRIORITIES, 'none' as const].map((name) => [
      name,
      shareOf(completions.filter(({ priority }) => (priority ?? 'none') === name)),
    ]),
  ) as Statistics['byPriority'];
  return {
    ...whole,
    onTimeRate: whole.completed === 0 ? null : Math.round((10_000 * whole.onTime) / whole.completed) / 10_000,
    ...streaksOf(heatmap, today),
    heatmap,
    byPriority,
  };
}

const shareOf = (completions: readonly Completion[]): Share => ({
  completed: completions.length,
  onTime: completions.filter(({ completedOn, dueDate }) => completedOn <= dueDate).length,
});

/** Days in a row with something done. A today on which nothing is done yet ends no streak, and does not lengthen one. */
function streaksOf(heatmap: Statistics['heatmap'], today: string) {
  let [streak, longestStreak] = [0, 0];
  for (const { date, count } of heatmap) {
    if (count > 0) streak += 1;
    else if (date < today) streak = 0;
    longestStreak = Math.max(longestStreak, streak);
  }
  return { currentStreak: streak, longestStreak };
}
