// How many hits a counter loses to transactions that cancel each other: hits at random instants on counters of so many
// shards, where one that finds its item busy waits with full jitter, 25 ms doubled a round and at most 200, and gives up after twenty tries
// (src/platform/dynamodb/connection.ts).
const TRANSACTION_MS = 10;
const TRIES = 20;
const LONGEST_WAIT_MS = 200;
const HITS = 200_000;

function simulate(perSecond, shards) {
  const busyUntil = Array.from({ length: shards }, () => 0);
  const queue = [];
  let instant = 0;
  for (let hit = 0; hit < HITS; hit += 1) {
    instant += (-Math.log(1 - Math.random()) * 1000) / perSecond;
    queue.push({ at: instant, round: 1, shard: Math.floor(Math.random() * shards) });
  }
  const counts = { again: 0, lost: 0 };
  const later = [];
  let next = 0;
  while (next < queue.length || later.length > 0) {
    const fresh = queue[next];
    const waiting = later[0];
    const attempt = waiting && (!fresh || waiting.at <= fresh.at) ? later.shift() : fresh;
    if (attempt === fresh) next += 1;
    const { at, round, shard } = attempt;
    if (busyUntil[shard] <= at) {
      busyUntil[shard] = at + TRANSACTION_MS;
      continue;
    }
    if (round === 1) counts.again += 1;
    if (round >= TRIES) {
      counts.lost += 1;
      continue;
    }
    const retry = {
      at: at + Math.random() * Math.min(25 * 2 ** round, LONGEST_WAIT_MS),
      round: round + 1,
      shard,
    };
    const place = later.findIndex((other) => other.at > retry.at);
    if (place < 0) later.push(retry);
    else later.splice(place, 0, retry);
  }
  return { again: counts.again / HITS, lost: counts.lost / HITS };
}

export function counterConflicts() {
  const percent = (share) => `${(share * 100).toFixed(share < 0.001 ? 4 : 1)} %`;
  const rows = [
    [50, 8],
    [100, 8],
    [200, 8],
    [400, 8],
    [400, 32],
    [10_000, 64],
  ].map(([perSecond, shards]) => {
    const { again, lost } = simulate(perSecond, shards);
    return [perSecond.toLocaleString('en'), shards, percent(again), percent(lost)];
  });
  return { head: ['hits a second', 'shards', 'tried again', 'lost (answered 503)'], rows };
}
