import { expect, it } from 'vitest'
import { createGuessQueue } from './guess-queue.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('runs work for one user in order, and for other users concurrently', async () => {
  const queue = createGuessQueue()
  const seen: string[] = []
  const work = (name: string) => async () => {
    seen.push(`${name} begins`)
    await tick()
    seen.push(`${name} ends`)
  }
  await Promise.all([queue.run('a', work('1')), queue.run('a', work('2')), queue.run('b', work('3'))])
  expect(seen.indexOf('1 ends')).toBeLessThan(seen.indexOf('2 begins'))
  expect(seen.indexOf('3 begins')).toBeLessThan(seen.indexOf('1 ends'))
})

it('goes on after work that failed, and returns the result of each', async () => {
  const queue = createGuessQueue()
  const failed = queue.run('a', () => Promise.reject(new Error('no')))
  const next = queue.run('a', async () => 'yes')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('yes')
})

it('refuses work for a user whose queue is full', async () => {
  const queue = createGuessQueue()
  let ran = 0
  const results = await Promise.all(
    Array.from({ length: 100 }, () =>
      queue.run('a', async () => {
        await tick()
        return ++ran
      }),
    ),
  )
  expect(ran).toBe(64)
  expect(results.filter((result) => result === undefined)).toHaveLength(36)
  expect(await queue.run('a', async () => 'again')).toBe('again')
})

it('resolves before the cleanup of a guess, for which the next guess waits', async () => {
  const queue = createGuessQueue()
  const seen: string[] = []
  let end = (): void => {}
  const first = queue.run('a', async (delayNext) => {
    delayNext(
      new Promise<void>((resolve) => {
        end = resolve
      }).then(() => void seen.push('cleanup')),
    )
    return 'first'
  })
  const second = queue.run('a', async () => void seen.push('second'))
  expect(await first).toBe('first')
  await tick()
  expect(seen).toEqual([])
  const ended = queue.ended().then(() => seen.push('ended'))
  end()
  await Promise.all([second, ended])
  expect(seen).toEqual(['cleanup', 'second', 'ended'])
  await queue.ended()
  await createGuessQueue().ended()
})

it('goes on when the cleanup of a guess fails', async () => {
  const queue = createGuessQueue()
  const work = (delayNext: (cleanup: Promise<void>) => void) => {
    delayNext(Promise.reject(new Error('no')))
    return Promise.resolve('yes')
  }
  expect(await queue.run('a', work)).toBe('yes')
  expect(await queue.run('a', work)).toBe('yes')
  await queue.ended()
})
