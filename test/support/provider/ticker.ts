/** One timer for all paced writing, so that hundreds of streams cost no more than one. */
const stepMs = 2
const due = new Map<number, (() => void)[]>()
let ticking: NodeJS.Timeout | undefined
let lastStep = 0

/** Runs once at or just after `atMs` on the clock of `performance.now()`. */
export function runAt(atMs: number, run: () => void): void {
  if (!ticking) {
    lastStep = stepOf(performance.now())
    ticking = setInterval(tick, stepMs)
  }
  const step = Math.max(stepOf(atMs) + 1, lastStep + 1)
  const others = due.get(step)
  if (others) others.push(run)
  else due.set(step, [run])
}

function stepOf(ms: number): number {
  return Math.floor(ms / stepMs)
}

function tick(): void {
  const now = stepOf(performance.now())
  while (lastStep < now) {
    lastStep++
    const ready = due.get(lastStep)
    if (!ready) continue
    due.delete(lastStep)
    for (const run of ready) run()
  }
  if (due.size === 0 && ticking) {
    clearInterval(ticking)
    ticking = undefined
  }
}
