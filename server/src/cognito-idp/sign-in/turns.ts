// Turns: work of one name waits for the work of that name that came before it, within this process.

const MOST_WAITING = 64

interface Line {
  last: Promise<unknown>
  length: number
}

const lines = new WeakMap<object, Map<string, Line>>()

/** Runs `work` after all earlier work of `name` at `owner`; undefined, without running it, when too many wait already. */
export async function takeTurns<Result>(
  owner: object,
  name: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const own = lines.get(owner) ?? new Map<string, Line>()
  lines.set(owner, own)
  const line = own.get(name) ?? { last: Promise.resolve(), length: 0 }
  if (line.length >= MOST_WAITING) return undefined
  own.set(name, line)
  line.length++
  const turn = line.last.then(work)
  line.last = turn.catch(() => undefined)
  try {
    return await turn
  } finally {
    if (--line.length === 0) own.delete(name)
  }
}
