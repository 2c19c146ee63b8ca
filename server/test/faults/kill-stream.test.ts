// `kill -9` between the answer of pushes and the delivery of what they changed to a stream, and while it is being delivered:
// after the restart every change arrives, those of each dataset in their order.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SetIdentityPoolConfigurationCommand } from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { engines, startServer } from '../../../conformance/start-server.ts'
import { until } from '../outbox-parts.ts'
import { useStandIn } from '../push-services.ts'
import { deviceOf, patch } from '../sync.ts'
import { newSyncLedger, syncClientOf } from './sync-load.ts'

const DATASETS = ['a', 'b', 'c']
const CHANGES = 12

describe.each(engines)('%s', (engine) => {
  const hook = useStandIn()

  it('loses no change that was acknowledged on its way to the stream', async () => {
    const STREAMS_FILE = join(mkdtempSync(join(tmpdir(), 'kill-stream-')), 'streams.json')
    writeFileSync(STREAMS_FILE, JSON.stringify({ changes: { webhook: `${hook.url}/changes`, key: 'k'.repeat(32) } }))
    hook.answer = () => ({ status: 503 })
    const taken: { dataset: string; count: number }[] = []
    const take = (body: Buffer): void => {
      const { dataSetName: dataset, syncCount: count } = JSON.parse(String(body))
      taken.push({ dataset, count })
    }
    const server = await startServer({ engine, env: { STREAMS_FILE } })
    try {
      const { ids } = await newSyncLedger(server)
      const client = syncClientOf(server)
      const CognitoStreams = {
        StreamName: 'changes',
        RoleArn: 'arn:aws:iam::000000000000:role/Sync',
        StreamingStatus: 'ENABLED',
      } as const
      await client.send(new SetIdentityPoolConfigurationCommand({ IdentityPoolId: ids.IdentityPoolId, CognitoStreams }))
      const device = deviceOf(client, ids)
      for (let count = 0; count < CHANGES; count++)
        await Promise.all(DATASETS.map((name) => device.push(name, [patch('k', `${count}`, count)])))
      expect(await server.kill()).toEqual({ code: null, signal: 'SIGKILL' })
      client.destroy()

      // The next process is killed when it has brought a few.
      hook.answer = ({ body }) => {
        if (taken.length >= 5) return { status: 503 }
        take(body)
        return { status: 200 }
      }
      await server.restart()
      await until(() => taken.length >= 5, 100_000)
      await server.kill()

      hook.answer = ({ body }) => {
        take(body)
        return { status: 200 }
      }
      await server.restart()
      const arrived = (name: string) => [
        ...new Set(taken.filter(({ dataset }) => dataset === name).map(({ count }) => count)),
      ]
      const all = Array.from({ length: CHANGES }, (_, n) => n + 1)
      await until(() => DATASETS.every((name) => arrived(name).length === CHANGES), 100_000)
      // A change may come twice after a crash, but none before one that it follows.
      for (const name of DATASETS) expect(arrived(name)).toEqual(all)
      expect(server.output()).not.toContain('"level":50')
    } finally {
      await server.stop()
    }
  }, 300_000)
})
