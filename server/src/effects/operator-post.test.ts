// Posts to what the operator configured; what becomes of each call is tested where it is made (triggers/call.test.ts, senders).
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { operatorPost } from './operator-post.ts'

test('many posts at once under one signal warn of no leak', async () => {
  const many = 20
  const waiting: ServerResponse[] = []
  const server = createServer((_, response) => {
    waiting.push(response)
    if (waiting.length === many) for (const each of waiting) each.end('ok')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  try {
    const { signal } = new AbortController()
    const posts = Array.from({ length: many }, () => operatorPost(url, {}, '', { maxAnswer: 10, closed: signal }))
    expect((await Promise.all(posts)).map(({ text }) => text)).toEqual(Array(many).fill('ok'))
    // Node.js tells of a warning in a turn of its own.
    await turn()
    expect(warnings).toEqual([])
  } finally {
    process.off('warning', note)
    server.closeAllConnections()
    server.close()
  }
})
