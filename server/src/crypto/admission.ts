// Admission control for a scarce resource: at most `slots` tasks run, a bounded number wait for a bounded time, the
// rest are refused. Under overload some requests fail instead of all waiting in a growing queue
// (docs/reference/threats.md 49: goodput stays). Not here: what the tasks are (api/costly-calls.ts, work-pool.ts).

/** The task was not run: too many were waiting, or it waited too long. The API answers TooManyRequestsException. */
export class WorkRefused extends Error {
  readonly reason: 'queue-full' | 'waited-too-long'

  constructor(reason: 'queue-full' | 'waited-too-long') {
    super(`work refused: ${reason}`)
    this.name = 'WorkRefused'
    this.reason = reason
  }
}

export interface AdmissionLimits {
  /** Tasks running at once. */
  slots: number
  /** Waiting tasks above which a new one is refused; unlimited unless given. */
  maxQueued?: number
  /** Milliseconds after which a waiting task is refused; unlimited unless given. */
  maxWaitMs?: number
}

/** Counts at this moment (`running`, `waiting`) and since the start (`completed`, `refused`). */
export interface AdmissionStats {
  running: number
  waiting: number
  completed: number
  refused: number
}

export interface Admission {
  /**
   * Runs `task` when a slot is free and settles as it does. Rejects with WorkRefused when the queue is full or the wait
   * too long.
   */
  run<T>(task: () => Promise<T>): Promise<T>
  /**
   * For a running task: runs `work` without the task's slot, which another task may take, and settles as `work` does once
   * the task has a slot again. A task that comes back goes before those that have not begun, however long it takes.
   */
  aside<T>(work: () => Promise<T>): Promise<T>
  stats(): AdmissionStats
  /** Rejects waiting and new tasks, and resolves when no task runs any more. */
  close(): Promise<void>
}

interface Waiting {
  since: number
  begin(): void
  reject(error: Error): void
}

/** See `Admission`. Times are taken from the monotonic clock. */
export function createAdmission({
  slots,
  maxQueued = Number.POSITIVE_INFINITY,
  maxWaitMs,
}: AdmissionLimits): Admission {
  const queue: Waiting[] = []
  /** Tasks that have begun and wait for a slot to go on. */
  const returning: (() => void)[] = []
  let running = 0
  let outside = 0
  let completed = 0
  let refused = 0
  let expiry: NodeJS.Timeout | undefined
  let whenIdle: (() => void) | undefined
  let closed = false

  function refuseExpired(limit: number): void {
    expiry = undefined
    const now = performance.now()
    for (let first = queue[0]; first && now - first.since >= limit; first = queue[0]) {
      queue.shift()
      refused++
      first.reject(new WorkRefused('waited-too-long'))
    }
    watchFirst(now)
  }

  /**
   * One timer for the whole queue, set for the longest-waiting task; when that task has begun by then, for the next.
   */
  function watchFirst(now: number): void {
    const first = queue[0]
    if (!first || expiry || maxWaitMs === undefined) return
    expiry = setTimeout(refuseExpired, Math.ceil(first.since + maxWaitMs - now), maxWaitMs)
    expiry.unref()
  }

  function finished(): void {
    completed++
    free()
  }

  function free(): void {
    running--
    const back = returning.shift()
    const next = back ? undefined : queue.shift()
    if (back) back()
    else if (next) next.begin()
    else if (running === 0 && outside === 0) whenIdle?.()
  }

  /** Resolves when the task has a slot again. */
  function again(): Promise<void> {
    return new Promise((resolve) => {
      const goOn = (): void => {
        running++
        resolve()
      }
      if (running < slots) goOn()
      else returning.push(goOn)
    })
  }

  return {
    run(task) {
      if (closed) return Promise.reject(new Error('the work pool is closed'))
      if (running >= slots && queue.length >= maxQueued) {
        refused++
        return Promise.reject(new WorkRefused('queue-full'))
      }
      return new Promise((resolve, reject) => {
        const begin = (): void => {
          running++
          task().finally(finished).then(resolve, reject)
        }
        if (running < slots) return begin()
        const since = performance.now()
        queue.push({ since, begin, reject })
        watchFirst(since)
      })
    },

    async aside(work) {
      outside++
      free()
      try {
        return await work()
      } finally {
        await again()
        outside--
      }
    },

    stats: () => ({ running, waiting: queue.length, completed, refused }),

    async close() {
      closed = true
      clearTimeout(expiry)
      for (const { reject } of queue.splice(0)) reject(new Error('the work pool is closed'))
      if (running > 0 || outside > 0) {
        await new Promise<void>((resolve) => {
          whenIdle = resolve
        })
      }
    },
  }
}
