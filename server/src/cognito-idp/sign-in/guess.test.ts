import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import type { Context } from '../../context.ts'
import { createWorkPool, type WorkPool } from '../../crypto/work-pool.ts'
import { findAttempts, type StoredAttempts } from '../attempts/attempt-store.ts'
import { type GuessTarget, tryGuess } from './guess.ts'
import { createGuessQueue } from './guess-queue.ts'
import { type GuessState, PASSWORD_GUESSES } from './lockout-rules.ts'

const right = async () => true
const wrong = async () => false

describe.each(engines)('a guess on %s', (engine) => {
  const parts = useParts(engine)
  let work: WorkPool
  let context: Context
  let target: GuessTarget
  let warnings: unknown[]
  let made = 0
  beforeEach(() => {
    work = createWorkPool({ workers: 1 })
    warnings = []
    const { database, db, clock } = parts
    const log = { warn: (line: unknown) => warnings.push(line) }
    context = { database, db, clock, work, guessQueue: createGuessQueue(), log } as never as Context
    target = { userPoolId: 'p', subject: `s${++made}`, guesses: undefined }
  })
  afterEach(() => work.close())

  const stored = (): Promise<StoredAttempts<GuessState> | undefined> =>
    findAttempts(parts.db, { ...target, kind: PASSWORD_GUESSES })
  const known = async (): Promise<GuessTarget> => ({ ...target, guesses: await stored() })

  it('that is wrong stays counted, one that is right leaves nothing', async () => {
    expect(await tryGuess(context, target, wrong)).toBe('wrong')
    expect((await stored())?.state).toMatchObject({ failures: 1, used: 1 })
    // Within one millisecond nothing of the failure would drain.
    parts.clock.advance(1)
    expect(await tryGuess(context, await known(), right)).toBe('right')
    await context.guessQueue.ended()
    expect(await stored()).toBeUndefined()
    const other = { ...target, subject: `${target.subject} other` }
    expect(await tryGuess(context, other, right)).toBe('right')
    await context.guessQueue.ended()
    expect(await findAttempts(parts.db, { ...other, kind: PASSWORD_GUESSES })).toBeUndefined()
  })

  it('at a locked user is refused without being evaluated', async () => {
    for (let i = 0; i < 5; i++) expect(await tryGuess(context, await known(), wrong)).toBe('wrong')
    const locked = await known()
    let evaluated = 0
    expect(await tryGuess(context, locked, async () => ++evaluated > 0)).toBe('locked')
    expect(evaluated).toBe(0)
  })

  it('is counted before it is evaluated, and after a conflict on top of what is stored', async () => {
    const read = await known()
    for (let i = 1; i <= 4; i++)
      await tryGuess(context, read, async () => {
        expect((await stored())?.state.failures).toBe(i)
        return false
      })
    expect(await tryGuess(context, read, wrong)).toBe('wrong')
    expect(await tryGuess(context, read, right)).toBe('locked')
  })

  it('conflicts with a changed state, even when the row was deleted and inserted again', async () => {
    await tryGuess(context, target, wrong)
    const read = await known()
    parts.clock.advance(1)
    await parts.db.deleteFrom('attempts').where('subject', '=', target.subject).execute()
    for (let i = 0; i < 3; i++) await tryGuess(context, await known(), wrong)
    await tryGuess(context, read, wrong)
    expect((await stored())?.state.failures).toBe(4)
  })

  it('stays counted when its evaluation fails', async () => {
    const failing = () => Promise.reject(new Error('a worker thread ended'))
    await expect(tryGuess(context, target, failing)).rejects.toThrow('a worker thread ended')
    expect((await stored())?.state.failures).toBe(1)
  })

  /** The context with a database that runs `first`, which may wait or fail, before each deletion of a row. */
  const whenForgiving = (first: () => Promise<void>): Context => {
    const executeQuery: typeof parts.db.executeQuery = async (query) => {
      if ('sql' in query && query.sql.startsWith('delete')) await first()
      return parts.db.executeQuery(query)
    }
    return { ...context, db: { getExecutor: () => parts.db.getExecutor(), executeQuery } } as Context
  }

  it('that was right resolves before it is forgiven, and the next guess waits for that', async () => {
    let forgive = (): void => {}
    const waiting = new Promise<void>((resolve) => {
      forgive = resolve
    })
    const slow = whenForgiving(() => waiting)
    expect(await tryGuess(slow, target, right)).toBe('right')
    expect((await stored())?.state.failures).toBe(1)
    let next = false
    const second = tryGuess(slow, target, async () => {
      next = true
      return false
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(next).toBe(false)
    forgive()
    expect(await second).toBe('wrong')
    expect((await stored())?.state.failures).toBe(1)
  })

  it('that was right after failures resolves only when it is forgiven: the next call must not find a lock', async () => {
    for (let i = 0; i < 4; i++) await tryGuess(context, await known(), wrong)
    expect(await tryGuess(context, await known(), right)).toBe('right')
    expect((await stored())?.state ?? { failures: 0, lockedUntil: 0 }).toMatchObject({ failures: 0, lockedUntil: 0 })
    expect(await tryGuess(context, await known(), wrong)).toBe('wrong')
  })

  it('that was right resolves to right even if forgiving fails', async () => {
    const broken = whenForgiving(() => Promise.reject(new Error('gone')))
    expect(await tryGuess(broken, target, right)).toBe('right')
    await broken.guessQueue.ended()
    expect(warnings).toEqual([{ err: new Error('gone') }])
    expect((await stored())?.state.failures).toBe(1)
  })
})
