import { expect, it } from 'vitest'
import { takeTurns } from './turns.ts'

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
