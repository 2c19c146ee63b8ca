import { execFile } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import { computeServerKey, computeVerifier, createServerEphemeral, parseSrpA } from './srp.ts'
import { powerOfGenerator, primeBytes } from './srp-group.ts'
import { createWorkPool, type WorkPool, type WorkPoolOptions } from './work-pool.ts'

const pools: WorkPool[] = []
function pool(options: WorkPoolOptions = {}): WorkPool {
  const created = createWorkPool(options)
  pools.push(created)
  return created
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map((each) => each.close()))
})

const identity = { poolName: 'pool', userId: 'user', password: 'Passw0rd!', salt: randomBytes(16) }
const verifier = computeVerifier(identity.poolName, identity.userId, identity.password, identity.salt)

test('many signatures at once are all made', async () => {
  const { run, stats } = pool({ workers: 1 })
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signatures = Array.from({ length: 200 }, () => run('signRs256', { privateKey, data: 'x' }))
  await Promise.all(signatures)
  expect(stats().signatures).toMatchObject({ completed: 200, refused: 0 })
})

describe('jobs', () => {
  test('a sign-in, computed in a worker thread', async () => {
    const { run } = pool()
    expect(Buffer.from(await run('srpVerifier', identity))).toEqual(verifier)
    const { b, B } = await run('srpEphemeral', { verifier })
    expect(b).toHaveLength(32)
    expect([b.buffer.byteLength, B.buffer.byteLength]).toEqual([32, B.byteLength])
    expect(Buffer.from(B)).toEqual(createServerEphemeral(verifier, b))
    const A = powerOfGenerator(randomBytes(32))
    const key = await run('srpKey', { A, B, b, verifier })
    expect(Buffer.from(key ?? [])).toEqual(computeServerKey({ A, B, b, verifier }))
    expect(key).toHaveLength(16)
  })

  test('b is fresh every time', async () => {
    const { run } = pool()
    const made = await Promise.all(Array.from({ length: 20 }, () => run('srpEphemeral', { verifier })))
    expect(new Set(made.map(({ b }) => Buffer.from(b).toString('hex'))).size).toBe(20)
  })

  test('a hostile A gives no key, a bad verifier rejects its job only', async () => {
    const { run } = pool({ workers: 1 })
    const [B, b] = [createServerEphemeral(verifier, randomBytes(32)), randomBytes(32)]
    expect(parseSrpA(primeBytes.toString('hex'))).toBeUndefined()
    const bad = run('srpEphemeral', { verifier: Uint8Array.of(1) })
    const hostile = run('srpKey', { A: primeBytes, B, b, verifier })
    const good = run('passwordMatches', { ...identity, verifier })
    await expect(bad).rejects.toThrow('outside the group')
    await expect(bad).rejects.toBeInstanceOf(RangeError)
    expect(await hostile).toBeUndefined()
    expect(await good).toBe(true)
  })

  test('passwordMatches compares numbers, not lengths', async () => {
    const { run } = pool()
    const stored = Buffer.concat([Buffer.alloc(1), verifier])
    expect(await run('passwordMatches', { ...identity, verifier: stored })).toBe(true)
    expect(await run('passwordMatches', { ...identity, password: 'passw0rd!', verifier })).toBe(false)
    expect(await run('passwordMatches', { ...identity, verifier: verifier.subarray(1) })).toBe(false)
    expect(await run('passwordMatches', { ...identity, verifier: new Uint8Array() })).toBe(false)
  })

  test.each([
    ['signRs256', 'sha256'],
    ['signRs512', 'sha512'],
  ] as const)('%s signs bytes and text', async (job, hash) => {
    const { run } = pool()
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const publicKey = createPublicKey(privateKey)
    for (const data of ['header.payload', Buffer.from('header.payload')]) {
      const signature = await run(job, { privateKey, data })
      expect(verify(hash, Buffer.from('header.payload'), publicKey, signature)).toBe(true)
    }
    const { privateKey: ecKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await expect(run(job, { privateKey: ecKey, data: 'x' })).rejects.toBeInstanceOf(TypeError)
  })

  test('the event loop is not blocked meanwhile', async () => {
    const { run } = pool({ workers: 1 })
    await run('srpVerifier', identity)
    let turns = 0
    const count = setInterval(() => turns++, 1)
    await Promise.all(Array.from({ length: 60 }, () => run('srpVerifier', identity)))
    clearInterval(count)
    // Jobs run on this thread, each of some milliseconds, would leave the event loop no turn.
    expect(turns).toBeGreaterThan(5)
  })
})

// The fixture ignores the job's name; its input says what happens.
const workerEntry = new URL('./work-pool.fixture.mjs', import.meta.url)
const job = 'passwordMatches'
type Act = { does: string; ms?: number; bytes?: Uint8Array; value?: unknown }
function acting(options: WorkPoolOptions = {}) {
  const created = pool({ workers: 1, workerEntry, sentToAWorker: 2, ...options })
  const act = (input: Act): Promise<unknown> => created.run(job, input as never)
  return { act, stats: created.stats, close: created.close }
}

describe('threads', () => {
  test('start when needed and no more than allowed', async () => {
    const { act, stats } = acting({ workers: 2 })
    expect(stats().threads.alive).toBe(0)
    await act({ does: 'echo' })
    expect(stats().threads.alive).toBe(1)
    const ids = await Promise.all(Array.from({ length: 8 }, () => act({ does: 'sleep', ms: 5 }).then(() => 0)))
    expect(ids).toHaveLength(8)
    expect(stats().threads.alive).toBe(2)
  })

  test('share the load', async () => {
    const { act } = acting({ workers: 2 })
    const ids = await Promise.all(Array.from({ length: 4 }, () => act({ does: 'nap', ms: 50 })))
    expect(new Set(ids).size).toBe(2)
    expect(ids.filter((id) => id === ids[0])).toHaveLength(2)
  })

  test('a job that throws fails alone', async () => {
    const { act, stats } = acting()
    const answers = await Promise.allSettled([act({ does: 'throw' }), act({ does: 'echo', value: 1 })])
    expect(answers[0]).toMatchObject({ status: 'rejected', reason: new RangeError('the job threw') })
    expect(answers[1]).toMatchObject({ status: 'fulfilled', value: { value: 1 } })
    expect(stats().threads).toMatchObject({ alive: 1, running: 0, completed: 2 })
  })

  test.each(['exit', 'crash'])('a thread that dies (%s) costs the job it ran and is replaced', async (does) => {
    const { act, stats } = acting()
    const before = await act({ does: 'thread' })
    const answers = await Promise.allSettled([
      act({ does }),
      act({ does: 'echo', value: 'sent already' }),
      act({ does: 'echo', value: 'waiting' }),
    ])
    expect(answers[0]).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('thread ended') },
    })
    if (does === 'crash') {
      expect(answers[0]).toMatchObject({ reason: { cause: { message: 'the thread crashed' } } })
    }
    if (does === 'exit') expect(answers[1]).toMatchObject({ value: { value: 'sent already' } })
    expect(answers[2]).toMatchObject({ value: { value: 'waiting' } })
    expect(await act({ does: 'thread' })).not.toBe(before)
    expect(stats().threads).toMatchObject({ alive: 1, running: 0 })
  })

  test('an entry that does not load rejects every job and hangs none', async () => {
    const { act } = acting({ workerEntry: new URL('./no-such-file.mjs', import.meta.url) })
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => act({ does: 'echo' })))
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
  })

  test('input that cannot be cloned rejects its job only', async () => {
    const { act } = acting()
    const answers = await Promise.allSettled([act({ does: 'echo', value: () => 1 }), act({ does: 'echo', value: 2 })])
    expect(answers[0]).toMatchObject({ status: 'rejected', reason: { name: 'DataCloneError' } })
    expect(answers[1]).toMatchObject({ status: 'fulfilled', value: { value: 2 } })
  })

  test('get neither the environment nor the rest of the buffer behind their input', async () => {
    const { act } = acting()
    expect(await act({ does: 'environment' })).toEqual([0, 0])
    const slice = Buffer.from('cut from a slab')
    expect(slice.buffer.byteLength).toBeGreaterThan(slice.byteLength)
    expect(await act({ does: 'slab', bytes: slice })).toBe(slice.byteLength)
  })
})

describe('lanes', () => {
  test('a worker holds jobs enough to work on while the event loop is busy', async () => {
    const { act, stats } = acting({ sentToAWorker: undefined })
    const jobs = Promise.allSettled(Array.from({ length: 20 }, () => act({ does: 'sleep', ms: 1 })))
    expect(stats().threads).toMatchObject({ running: 16, waiting: 4, refused: 0 })
    await jobs
  })

  test('so does the thread pool of signatures', async () => {
    const { run, stats } = pool()
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const signatures = Array.from({ length: 20 }, () => run('signRs256', { privateKey, data: 'x' }))
    expect(stats().signatures).toMatchObject({ running: 16, waiting: 4, refused: 0 })
    await Promise.all(signatures)
  })

  test('password checks do not hold up signatures', async () => {
    const created = pool({ workers: 1, workerEntry })
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const flood = Array.from({ length: 20 }, () => created.run(job, { does: 'sleep', ms: 100 } as never))
    const settled = Promise.allSettled(flood)
    const signature = await created.run('signRs256', { privateKey, data: 'x' })
    expect(signature).toHaveLength(256)
    expect(created.stats().threads.running).toBeGreaterThan(0)
    expect(created.stats().signatures).toMatchObject({ running: 0, completed: 1, refused: 0 })
    await settled
  })
})

test('close lets running jobs end and refuses the rest', async () => {
  const { act, close, stats } = acting()
  await act({ does: 'echo' })
  const running = act({ does: 'sleep', ms: 50 })
  const sent = act({ does: 'echo', value: 1 })
  const waiting = act({ does: 'echo' }).catch((error: Error) => error.message)
  await close()
  expect(await running).toBe('timed-out')
  expect(await sent).toMatchObject({ value: 1 })
  expect(await waiting).toBe('the work pool is closed')
  await expect(act({ does: 'echo' })).rejects.toThrow('closed')
  expect(stats().threads.alive).toBe(0)
})

test('an unclosed pool waits for its jobs but does not keep a process alive', async () => {
  const program = `
    import { register } from 'node:module'
    if (!process.features.typescript) register(${JSON.stringify(new URL('./typescript-loader.mjs', import.meta.url).href)})
    const { createWorkPool } = await import(${JSON.stringify(new URL('./work-pool.ts', import.meta.url).href)})
    const pool = createWorkPool({ workers: 2 })
    const job = { poolName: 'p', userId: 'u', password: 'x', salt: new Uint8Array(16) }
    await pool.run('srpVerifier', job)
    const unsent = createWorkPool().run('srpVerifier', { ...job, password: () => {} }).catch(() => 0)
    const jobs = [1, 2, 3, 4, 5].map(() => pool.run('srpVerifier', job))
    Promise.all([unsent, ...jobs]).then((made) => console.log(made.map((v) => v.length > 300).join()))
  `
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    timeout: 20_000,
  })
  expect(stdout.trim()).toBe('false,true,true,true,true,true')
}, 30_000)

test('creating a pool starts no thread', async () => {
  // Threads of a process are numbered in the order of their start.
  const nextThread = (): number => {
    const worker = new Worker('', { eval: true })
    void worker.terminate()
    return worker.threadId
  }
  const before = nextThread()
  for (let index = 0; index < 100; index++) pool()
  expect(nextThread()).toBe(before + 1)
  await pool({ workers: 1 }).run('srpVerifier', identity)
  expect(nextThread()).toBeGreaterThan(before + 2)
})
