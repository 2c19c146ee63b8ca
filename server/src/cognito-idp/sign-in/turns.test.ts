import { expect, it } from 'vitest'
import { takeTurns, turnsEnded } from './turns.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('runs work of one name in order, and of other names beside it', async () => {
  const owner = {}
  const seen: string[] = []
  const work = (name: string) => async () => {
    seen.push(`${name} begins`)
    await tick()
    seen.push(`${name} ends`)
  }
  await Promise.all([
    takeTurns(owner, 'a', work('1')),
    takeTurns(owner, 'a', work('2')),
    takeTurns(owner, 'b', work('3')),
  ])
  expect(seen.indexOf('1 ends')).toBeLessThan(seen.indexOf('2 begins'))
  expect(seen.indexOf('3 begins')).toBeLessThan(seen.indexOf('1 ends'))
})

it('goes on after work that failed, and answers what each came to', async () => {
  const owner = {}
  const failed = takeTurns(owner, 'a', () => Promise.reject(new Error('no')))
  const next = takeTurns(owner, 'a', async () => 'yes')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('yes')
})

it('lets only so many wait', async () => {
  const owner = {}
  let ran = 0
  const results = await Promise.all(
    Array.from({ length: 100 }, () =>
      takeTurns(owner, 'a', async () => {
        await tick()
        return ++ran
      }),
    ),
  )
  expect(ran).toBe(64)
  expect(results.filter((result) => result === undefined)).toHaveLength(36)
  expect(await takeTurns(owner, 'a', async () => 'again')).toBe('again')
})

it('answers before what is left of a turn, for which the next one waits', async () => {
  const owner = {}
  const seen: string[] = []
  let end = (): void => {}
  const first = takeTurns(owner, 'a', async (afterwards) => {
    afterwards(
      new Promise<void>((resolve) => {
        end = resolve
      }).then(() => void seen.push('rest')),
    )
    return 'first'
  })
  const second = takeTurns(owner, 'a', async () => void seen.push('second'))
  expect(await first).toBe('first')
  await tick()
  expect(seen).toEqual([])
  const ended = turnsEnded(owner).then(() => seen.push('ended'))
  end()
  await Promise.all([second, ended])
  expect(seen).toEqual(['rest', 'second', 'ended'])
  await turnsEnded(owner)
  await turnsEnded({})
})

it('goes on when what is left of a turn fails', async () => {
  const owner = {}
  const work = (afterwards: (rest: Promise<void>) => void) => {
    afterwards(Promise.reject(new Error('no')))
    return Promise.resolve('yes')
  }
  expect(await takeTurns(owner, 'a', work)).toBe('yes')
  expect(await takeTurns(owner, 'a', work)).toBe('yes')
  await turnsEnded(owner)
})
