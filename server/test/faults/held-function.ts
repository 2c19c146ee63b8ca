// A function of Lambda triggers that can be held, behind a webhook, and a server that is killed while it waits for it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { type Engine, type StartedServer, startServer } from '../../../conformance/start-server.ts'
import { adminClient } from '../../../conformance/user-pool.ts'
import { until } from '../outbox-parts.ts'

/** The ARN of the function: it answers each trigger as trigger-functions.cjs does. */
export const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:held-answer'

interface Event {
  readonly triggerSource: string
}

export interface HeldFunction {
  readonly server: StartedServer
  /** A client of the server; a new one after each kill. */
  sdk(): CognitoIdentityProviderClient
  /** The sources of the calls since the last kill. */
  readonly sources: readonly string[]
  /**
   * Kills the server when `call` has made it ask the function for `source`, and starts it again. Says whether the call was
   * answered before.
   */
  killedDuring(source: string, call: () => Promise<unknown>): Promise<'answered' | 'lost'>
  stop(): Promise<void>
}

export async function startHeldFunction(engine: Engine, settings: Record<string, string> = {}): Promise<HeldFunction> {
  const { handler } = createRequire(import.meta.url)('../trigger-functions.cjs') as {
    handler: (event: Event, context: { functionName: string }) => Promise<object>
  }
  const sources: string[] = []
  let held: string | undefined
  const hooks = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const event = JSON.parse(Buffer.concat(chunks).toString()) as Event
    sources.push(event.triggerSource)
    if (event.triggerSource === held) return
    response.end(JSON.stringify(await handler(event, { functionName: 'held-answer' })))
  })
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve))
  const folder = mkdtempSync(join(tmpdir(), 'held-function-'))
  const file = join(folder, 'triggers.json')
  const webhook = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}/`
  writeFileSync(file, JSON.stringify({ [ARN]: { webhook, key: 'k'.repeat(32) } }))
  const server = await startServer({ engine, env: { TRIGGERS_FILE: file, ...settings } })
  let sdk = adminClient(server)
  return {
    server,
    sdk: () => sdk,
    sources,
    async killedDuring(source, call) {
      held = source
      sources.length = 0
      const outcome = call().then(
        () => 'answered' as const,
        () => 'lost' as const,
      )
      await until(() => sources.includes(source), 20_000)
      await server.kill()
      held = undefined
      const ended = await outcome
      sdk.destroy()
      sources.length = 0
      await server.restart()
      sdk = adminClient(server)
      return ended
    },
    async stop() {
      sdk.destroy()
      await server.stop()
      hooks.closeAllConnections()
      hooks.close()
      rmSync(folder, { recursive: true })
    },
  }
}
