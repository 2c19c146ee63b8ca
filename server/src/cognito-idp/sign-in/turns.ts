// Turns: work of one name waits for the work of that name that came before it, within this process.

const MOST_WAITING = 64

interface Line {
  last: Promise<unknown>
  length: number
}

const lines = new WeakMap<object, Map<string, Line>>()

/** What still belongs to a turn when its work has answered: the next turn waits for it, the answer does not. */
type Afterwards = (rest: Promise<void>) => void

/** Runs `work` after all earlier work of `name` at `owner`; undefined, without running it, when too many wait already. */
export async function takeTurns<Result>(
  owner: object,
  name: string,
  work: (afterwards: Afterwards) => Promise<Result>,
): Promise<Result | undefined> {
  const own = lines.get(owner) ?? new Map<string, Line>()
  lines.set(owner, own)
  const line = own.get(name) ?? { last: Promise.resolve(), length: 0 }
  if (line.length >= MOST_WAITING) return undefined
  own.set(name, line)
  line.length++
  let rest: Promise<void> | undefined
  const turn = line.last.then(() =>
    work((promise) => {
      rest = promise
    }),
  )
  const leave = (): void => {
    if (--line.length === 0) own.delete(name)
  }
  line.last = turn.then(() => rest).then(leave, leave)
  return turn
}

/** Resolves when every turn that was taken at `owner` has ended. */
export async function turnsEnded(owner: object): Promise<void> {
  await Promise.all([...(lines.get(owner)?.values() ?? [])].map((line) => line.last))
}
