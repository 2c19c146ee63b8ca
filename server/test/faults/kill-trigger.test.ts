// `kill -9` while a trigger runs: what was acknowledged stays, what was not can be done again, and a code for a custom sender
// arrives after the restart.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { expect, test } from 'vitest'
import { engines, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool } from '../../../conformance/user-pool.ts'
import { until } from '../outbox-parts.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:held'
const UserAttributes = [{ Name: 'email', Value: 'ann@example.com' }]

test.each(engines)(
  '%s loses nothing when it is killed while a trigger runs',
  async (engine) => {
    const sources: string[] = []
    let hold = false
    const hooks = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const event = JSON.parse(Buffer.concat(chunks).toString())
      sources.push(event.triggerSource)
      if (!hold) response.end(JSON.stringify(event))
    })
    await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve))
    const file = join(mkdtempSync(join(tmpdir(), 'kill-trigger-')), 'triggers.json')
    const webhook = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}/`
    writeFileSync(file, JSON.stringify({ [ARN]: { webhook, key: 'k'.repeat(32) } }))
    const env = { TRIGGERS_FILE: file, CUSTOM_SENDER_KEY: Buffer.alloc(32, 7).toString('base64') }
    const server = await startServer({ engine, env })
    let sdk = adminClient(server)
    const killedDuring = async (source: string, call: () => Promise<unknown>) => {
      hold = true
      const ended = call().catch(() => undefined)
      await until(() => sources.includes(source), 20_000)
      await server.kill()
      hold = false
      await ended
      sdk.destroy()
      sources.length = 0
      await server.restart()
      sdk = adminClient(server)
    }
    try {
      const { poolId: UserPoolId, clientId: ClientId } = await makePool(sdk)
      const set = (LambdaConfig: object) =>
        sdk.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig, AutoVerifiedAttributes: ['email'] }))
      const ann = { ClientId, Username: 'ann', Password: 'Passw0rd!x', UserAttributes }
      await set({ PreSignUp: ARN })
      await killedDuring('PreSignUp_SignUp', () => sdk.send(new SignUpCommand(ann)))
      const status = async () => (await sdk.send(new AdminGetUserCommand({ UserPoolId, Username: 'ann' }))).UserStatus
      await expect(status()).rejects.toThrow('User does not exist.')
      await sdk.send(new SignUpCommand(ann))

      await set({ PostConfirmation: ARN })
      await killedDuring('PostConfirmation_ConfirmSignUp', () =>
        sdk.send(new AdminConfirmSignUpCommand({ UserPoolId, Username: 'ann' })),
      )
      expect(await status()).toBe('CONFIRMED')

      await set({
        CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: ARN },
        KMSKeyID: 'arn:aws:kms:us-east-1:000000000000:key/1',
      })
      await killedDuring('CustomEmailSender_SignUp', () =>
        sdk.send(
          new SignUpCommand({ ...ann, Username: 'bob', UserAttributes: [{ Name: 'email', Value: 'bob@example.com' }] }),
        ),
      )
      // On PostgreSQL when the lease of the killed process has run out.
      await until(() => sources.includes('CustomEmailSender_SignUp'), 60_000)
    } finally {
      sdk.destroy()
      await server.stop()
      hooks.closeAllConnections()
      hooks.close()
    }
  },
  180_000,
)
