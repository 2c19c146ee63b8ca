// The file of an import job on its way: whole, in pieces, broken off, too large, replaced.
import { request as httpRequest } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, usePool, useTestServer } from '../../../test/harness.ts'
import { until } from '../../../test/outbox-parts.ts'
import { createJob, csvOf, ended, startJob, upload } from '../../../test/user-import.ts'

const rows = (count: number, name: string) =>
  Array.from({ length: count }, (_, i) => [`${name}${i}`, `${name}${i}@example.com`, 'true', 'x'.repeat(1500)])

describe.each(engines)('an upload on %s', (engine) => {
  const server = useTestServer({ engine, env: { IMPORT_MAX_MEGABYTES: '1' } })
  const at = usePool(server, { pool: { AutoVerifiedAttributes: ['email'] } })
  const fileOf = (count: number, name: string) =>
    Buffer.from(csvOf(['email', 'email_verified', 'profile'], rows(count, name)))
  const answerOf = async (response: Response) => ({
    status: response.status,
    range: response.headers.get('range'),
    message: ((await response.json()) as { message: string }).message,
  })
  const run = async (JobId: string) => {
    await startJob(server, at.poolId, JobId)
    return ended(server, at.poolId, JobId)
  }
  const piece = (url: string, file: Buffer, first: number, end: number, total = file.length) =>
    upload(url, file.subarray(first, end), { 'content-range': `bytes ${first}-${end - 1}/${total}` }).then(answerOf)

  it('in one piece, of more than a part', async () => {
    const { JobId, PreSignedUrl } = await createJob(server, at.poolId)
    await expectRefusal(
      startJob(server, at.poolId, JobId),
      'PreconditionNotMetException',
      'The CSV file has not been uploaded',
    )
    const file = fileOf(400, 'whole')
    expect(file.length).toBeGreaterThan(2 * 256 * 1024)
    expect((await upload(PreSignedUrl, file)).status).toBe(200)
    expect(await run(JobId)).toMatchObject({ Status: 'Succeeded', ImportedUsers: 400, FailedUsers: 0 })
  })

  it('in pieces, which may overlap', async () => {
    const { JobId, PreSignedUrl } = await createJob(server, at.poolId)
    const file = fileOf(100, 'piece')
    const asked = () => upload(PreSignedUrl, '', { 'content-range': `bytes */${file.length}` }).then(answerOf)
    expect(await asked()).toEqual({ status: 308, range: null, message: '0 bytes of the file have arrived.' })
    const begun = { status: 308, range: 'bytes=0-999', message: '1000 bytes of the file have arrived.' }
    expect(await piece(PreSignedUrl, file, 0, 1000)).toEqual(begun)
    expect(await asked()).toEqual(begun)
    await expectRefusal(startJob(server, at.poolId, JobId), 'PreconditionNotMetException')
    expect(await piece(PreSignedUrl, file, 1001, 2000)).toEqual({
      status: 416,
      range: 'bytes=0-999',
      message: 'The upload goes on at byte 1000.',
    })
    expect(await piece(PreSignedUrl, file, 500, 2000)).toMatchObject({ status: 308, range: 'bytes=0-1999' })
    expect(await piece(PreSignedUrl, file, 100, 200)).toMatchObject({ status: 308, range: 'bytes=0-1999' })
    expect(await piece(PreSignedUrl, file, 2000, file.length)).toMatchObject({ status: 200 })
    expect(await asked()).toMatchObject({ status: 200 })
    expect(await run(JobId)).toMatchObject({ Status: 'Succeeded', ImportedUsers: 100, FailedUsers: 0 })
  })

  it('that breaks off is gone on from what has arrived', async () => {
    const { JobId, PreSignedUrl } = await createJob(server, at.poolId)
    const file = fileOf(400, 'broken')
    const sent = file.subarray(0, 300_000)
    const broken = httpRequest(PreSignedUrl, { method: 'PUT', headers: { 'content-length': String(file.length) } })
    broken.on('error', () => undefined)
    broken.write(sent)
    let received = 0
    const ask = async () => {
      const { range } = await upload(PreSignedUrl, '', { 'content-range': `bytes */${file.length}` }).then(answerOf)
      received = range === null ? 0 : Number(range.slice('bytes=0-'.length)) + 1
      return received
    }
    await until(async () => (await ask()) >= 256 * 1024)
    broken.destroy()
    await until(async () => (await ask()) === sent.length)
    expect(await piece(PreSignedUrl, file, received, file.length)).toMatchObject({ status: 200 })
    expect(await run(JobId)).toMatchObject({ Status: 'Succeeded', ImportedUsers: 400, FailedUsers: 0 })
  })

  it('replaces the one before, once it is whole', async () => {
    const { JobId, PreSignedUrl } = await createJob(server, at.poolId)
    const [first, second] = [fileOf(3, 'first'), fileOf(5, 'second')]
    await upload(PreSignedUrl, first)
    expect(await piece(PreSignedUrl, second, 0, 2000)).toMatchObject({ status: 308 })
    const other = await createJob(server, at.poolId)
    await upload(other.PreSignedUrl, first)
    await upload(other.PreSignedUrl, second)
    // One begun is not yet the file; the job may be started with the one before.
    expect(await run(JobId)).toMatchObject({ ImportedUsers: 3 })
    expect(await run(other.JobId)).toMatchObject({ ImportedUsers: 5 })
  })

  it('that another one replaces is told so', async () => {
    const { JobId, PreSignedUrl } = await createJob(server, at.poolId)
    const file = fileOf(400, 'rival')
    const slow = httpRequest(PreSignedUrl, { method: 'PUT', headers: { 'content-length': String(file.length) } })
    const answered = new Promise<number | undefined>((resolve, reject) => {
      slow.on('response', (response) => resolve(response.statusCode))
      slow.on('error', reject)
    })
    slow.write(file.subarray(0, 300_000))
    const range = { 'content-range': `bytes */${file.length}` }
    await until(async () => (await upload(PreSignedUrl, '', range)).headers.get('range') !== null)
    expect((await upload(PreSignedUrl, fileOf(2, 'winner'))).status).toBe(200)
    slow.end(file.subarray(300_000))
    expect(await answered).toBe(409)
    expect(await run(JobId)).toMatchObject({ ImportedUsers: 2 })
  })

  it('that is too large is refused, announced or not', async () => {
    const { JobId, PreSignedUrl } = await createJob(server, at.poolId)
    const tooLarge = { status: 413, message: 'The file of an import job has at most 1048576 bytes.' }
    expect(await upload(PreSignedUrl, Buffer.alloc(1_048_577)).then(answerOf)).toMatchObject(tooLarge)
    expect(await piece(PreSignedUrl, Buffer.alloc(10), 0, 10, 1_048_577)).toMatchObject(tooLarge)
    const stream = new ReadableStream({
      async pull(controller) {
        controller.enqueue(new Uint8Array(100_000))
        await setTimeout(0)
        if (++chunks === 11) controller.close()
      },
    })
    let chunks = 0
    const streamed = await fetch(PreSignedUrl, { method: 'PUT', body: stream, duplex: 'half' } as RequestInit)
    expect(await answerOf(streamed)).toMatchObject(tooLarge)
    await expectRefusal(startJob(server, at.poolId, JobId), 'PreconditionNotMetException')
    expect((await upload(PreSignedUrl, Buffer.alloc(1_048_576))).status).toBe(200)
  })

  it('is refused once its job has been started, and with a Content-Range that is none', async () => {
    const { JobId, PreSignedUrl } = await createJob(server, at.poolId)
    for (const range of ['bytes 0-1/*', 'bytes 5-1/10', 'bytes 0-10/10', 'lines 0-1/2', 'bytes=0-1'])
      expect(await upload(PreSignedUrl, 'xx', { 'content-range': range }).then(answerOf)).toMatchObject({
        status: 400,
        message: 'Content-Range must be of the form bytes <first>-<last>/<size>, or bytes */<size>.',
      })
    const longer = await upload(PreSignedUrl, 'xxx', { 'content-range': 'bytes 0-1/10' }).then(answerOf)
    expect(longer).toMatchObject({ status: 400, message: 'The body is longer than its Content-Range.' })
    await upload(PreSignedUrl, fileOf(1, 'started'))
    await run(JobId)
    expect(await upload(PreSignedUrl, 'x').then(answerOf)).toMatchObject({
      status: 409,
      message: 'The import job takes no file any more: it has been started, or has expired.',
    })
  })
})
