import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createAdmission, WorkRefused } from './admission.ts'

/** Tasks that end when told to, and the order they began in. */
function controlled() {
  const began: string[] = []
  const ends = new Map<string, { resolve(value: string): void; reject(error: Error): void }>()
  const task = (name: string) => () => {
    began.push(name)
    return new Promise<string>((resolve, reject) => ends.set(name, { resolve, reject }))
  }
  const end = async (name: string, error?: Error) => {
    const { resolve, reject } = ends.get(name) ?? expect.unreachable()
    if (error) reject(error)
    else resolve(name)
    await sleep(0)
  }
  return { began, task, end }
}

const outcome = (promise: Promise<string>) =>
  promise.then(
    (value) => value,
    (error) => (error instanceof WorkRefused ? error.reason : `${error.name}: ${error.message}`),
  )

test('runs as many as there are slots, the rest in order', async () => {
  const { began, task, end } = controlled()
  const admission = createAdmission({ slots: 2, maxQueued: 10, maxWaitMs: 10_000 })
  const answers = ['a', 'b', 'c', 'd'].map((name) => outcome(admission.run(task(name))))
  expect(began).toEqual(['a', 'b'])
  expect(admission.stats()).toEqual({ running: 2, waiting: 2, completed: 0, refused: 0 })
  await end('b')
  expect(began).toEqual(['a', 'b', 'c'])
  await end('a')
  await end('c')
  await end('d')
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd'])
  expect(admission.stats()).toEqual({ running: 0, waiting: 0, completed: 4, refused: 0 })
})

test('refuses at once what exceeds the queue, and only that', async () => {
  const { began, task, end } = controlled()
  const admission = createAdmission({ slots: 1, maxQueued: 2, maxWaitMs: 10_000 })
  const answers = ['a', 'b', 'c', 'd', 'e'].map((name) => outcome(admission.run(task(name))))
  expect(await answers[3]).toBe('queue-full')
  expect(await answers[4]).toBe('queue-full')
  expect(admission.stats()).toMatchObject({ running: 1, waiting: 2, refused: 2 })
  await end('a')
  const late = outcome(admission.run(task('f')))
  for (const name of ['b', 'c', 'f']) await end(name)
  expect(await late).toBe('f')
  expect(began).toEqual(['a', 'b', 'c', 'f'])
})

test('with a queue of length 0 a task still runs when a slot is free', async () => {
  const { task, end } = controlled()
  const admission = createAdmission({ slots: 1, maxQueued: 0, maxWaitMs: 10_000 })
  const first = outcome(admission.run(task('a')))
  expect(await outcome(admission.run(task('b')))).toBe('queue-full')
  await end('a')
  expect(await first).toBe('a')
  const next = outcome(admission.run(task('c')))
  await end('c')
  expect(await next).toBe('c')
})

test('without bounds everything waits, however many and however long', async () => {
  const { task, end } = controlled()
  const admission = createAdmission({ slots: 1 })
  const names = Array.from({ length: 1000 }, (_, index) => `task ${index}`)
  const answers = names.map((name) => admission.run(task(name)))
  expect(admission.stats()).toMatchObject({ running: 1, waiting: 999, refused: 0 })
  for (const name of names) await end(name)
  expect(await Promise.all(answers)).toEqual(names)
})

test('a task that waits too long is refused at its own time-out, even while no task ends', async () => {
  const { began, task, end } = controlled()
  const admission = createAdmission({ slots: 1, maxQueued: 5, maxWaitMs: 200 })
  const first = outcome(admission.run(task('a')))
  const started = performance.now()
  const refusedAfter = (name: string) =>
    outcome(admission.run(task(name))).then((reason) => [reason, performance.now() - started] as const)
  const second = refusedAfter('b')
  await sleep(100)
  const third = refusedAfter('c')
  const [reason2, ms2] = await second
  expect(reason2).toBe('waited-too-long')
  expect(ms2).toBeGreaterThanOrEqual(199)
  expect(admission.stats()).toMatchObject({ running: 1, waiting: 1, refused: 1 })
  const [reason3, ms3] = await third
  expect(reason3).toBe('waited-too-long')
  expect(ms3).toBeGreaterThanOrEqual(298)
  await end('a')
  expect(await first).toBe('a')
  expect(began).toEqual(['a'])
})

test('a task that fails gives its error and its slot back', async () => {
  const { task, end } = controlled()
  const admission = createAdmission({ slots: 1, maxQueued: 5, maxWaitMs: 10_000 })
  const answers = ['a', 'b'].map((name) => outcome(admission.run(task(name))))
  await end('a', new RangeError('bad'))
  await end('b')
  expect(await Promise.all(answers)).toEqual(['RangeError: bad', 'b'])
})

test('close refuses waiting tasks and waits for running ones', async () => {
  const { task, end } = controlled()
  const admission = createAdmission({ slots: 1, maxQueued: 5, maxWaitMs: 10_000 })
  const running = outcome(admission.run(task('a')))
  const waiting = [outcome(admission.run(task('b'))), outcome(admission.run(task('x')))]
  let closed = false
  const closing = admission.close().then(() => {
    closed = true
  })
  expect(await Promise.all(waiting)).toEqual(Array(2).fill('Error: the work pool is closed'))
  expect(await outcome(admission.run(task('c')))).toBe('Error: the work pool is closed')
  await sleep(10)
  expect(closed).toBe(false)
  await end('a')
  await closing
  expect(await running).toBe('a')
})

test('a task that waits aside leaves its slot to another, and goes on before those that have not begun', async () => {
  const { began, task, end } = controlled()
  const admission = createAdmission({ slots: 1, maxQueued: 10, maxWaitMs: 10_000 })
  const answers = [
    outcome(
      admission.run(async () => {
        const waited = await admission.aside(task('outside'))
        began.push('back')
        return `${waited} ${await task('rest')()}`
      }),
    ),
    outcome(admission.run(task('b'))),
    outcome(admission.run(task('c'))),
  ]
  expect(began).toEqual(['outside', 'b'])
  await end('outside')
  expect(began).toEqual(['outside', 'b'])
  await end('b')
  expect(began).toEqual(['outside', 'b', 'back', 'rest'])
  const closed = admission.close()
  await end('rest')
  await closed
  expect(await Promise.all(answers)).toEqual(['outside rest', 'b', 'Error: the work pool is closed'])
})
