import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { WorkRefused } from '../crypto/admission.ts'
import { createWorkPool } from '../crypto/work-pool.ts'
import { createCostlyCalls, guardCostlyWork, nextRefusal } from './costly-calls.ts'
import { limits } from './limits.ts'

/** A call that ends when told to. */
function held() {
  let end = (): void => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return { call: () => ended, end }
}

it('keeps its slot until the whole call has ended', async () => {
  const { run } = createCostlyCalls({ slots: 1, maxQueued: 1, maxWaitMs: 60_000 })
  const first = held()
  const began: string[] = []
  const running = run(first.call)
  const waiting = run(async () => began.push('second'))
  await expect(run(async () => began.push('third'))).rejects.toBeInstanceOf(WorkRefused)
  await sleep(0)
  expect(began).toEqual([])
  first.end()
  await Promise.all([running, waiting])
  expect(began).toEqual(['second'])
})

it('is refused after it has waited too long, and never begun then', async () => {
  const { run } = createCostlyCalls({ slots: 1, maxQueued: 1, maxWaitMs: 20 })
  const first = held()
  const running = run(first.call)
  let begun = false
  const refused = run(async () => {
    begun = true
  })
  await expect(refused).rejects.toMatchObject({ reason: 'waited-too-long' })
  first.end()
  await running
  expect(begun).toBe(false)
})

it('spreads refusals over time, up to a limit, and forgets a crowd that has gone', () => {
  const apart = 1000 / limits.overloadRefusals.max
  const most = limits.overloadRefusalDelay.max
  let last = 0
  for (let i = 1; i <= 10; i++) {
    last = nextRefusal(last, 50_000)
    expect(last).toBeCloseTo(50_000 + i * apart)
  }
  for (let i = 0; i < 10_000; i++) last = nextRefusal(last, 50_000)
  expect(last).toBe(50_000 + most)
  expect(nextRefusal(last, 50_000 + most)).toBeCloseTo(50_000 + most + apart)
})

it('sends at a stop what waits to be refused', async () => {
  const calls = createCostlyCalls({ slots: 1, maxQueued: 0, maxWaitMs: 60_000 })
  const first = held()
  const running = calls.run(first.call)
  const crowd = Array.from({ length: 1000 }, () => calls.run(async () => undefined).catch((error) => error))
  calls.stop()
  for (const refused of await Promise.all(crowd)) expect(refused).toBeInstanceOf(WorkRefused)
  first.end()
  await running
})

it('passes on the error of a call, and frees its slot', async () => {
  const { run } = createCostlyCalls({ slots: 1, maxQueued: 0, maxWaitMs: 60_000 })
  await expect(run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await run(async () => 'next')).toBe('next')
})

it('guarded, costly work in a call that is not admitted throws', async () => {
  const work = createWorkPool({ workers: 1 })
  const guarded = guardCostlyWork({ work, costlyCalls: createCostlyCalls() })
  const job = () => guarded.work.run('srpEphemeral', { verifier: Uint8Array.of(1) })
  expect(job).toThrow('srpEphemeral in a call that was not admitted as costly')
  await expect(guarded.costlyCalls.run(job)).rejects.toThrow('outside the group')
  await work.close()
})

it('leaves its slot to another call while it waits aside for one thing or several', async () => {
  const { run } = createCostlyCalls({ slots: 1, maxQueued: 10, maxWaitMs: 60_000 })
  const [one, two] = [held(), held()]
  const order: string[] = []
  const first = run(async (aside) => {
    await Promise.all([aside(one.call), aside(two.call)])
    order.push('first')
    await aside(async () => undefined)
    order.push('first again')
  })
  const second = held()
  const other = run(async () => {
    order.push('second')
    await second.call()
    order.push('second ended')
  })
  await vi.waitFor(() => expect(order).toEqual(['second']), { timeout: 20_000 })
  one.end()
  two.end()
  await sleep(0)
  expect(order).toEqual(['second'])
  second.end()
  await Promise.all([first, other])
  expect(order).toEqual(['second', 'second ended', 'first', 'first again'])
})
