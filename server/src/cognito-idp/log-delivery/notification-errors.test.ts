// Messages that are not delivered, as a pool exports them: once when the first try fails, once when the message is given up.
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SetLogDeliveryConfigurationCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { engines, makeClient, makePool, useTestServer } from '../../../test/harness.ts'
import { signUpUser } from '../../../test/sign-up.ts'
import { GROUP, recordsIn, sinksFile } from '../../../test/sink-services.ts'
import { DeliveryFailed } from '../../effects/effects.ts'

const HOUR_MS = 60 * 60 * 1000

describe.each(engines)('messages that are not delivered (%s)', (engine) => {
  const file = join(mkdtempSync(join(tmpdir(), 'errors-')), 'errors.jsonl')
  let failure: DeliveryFailed | undefined
  const tried: string[] = []
  const server = useTestServer({
    engine,
    env: { SINKS_FILE: sinksFile({ [GROUP]: { file } }) },
    effects: {
      sendEmail: async ({ html }) => {
        tried.push(html)
        if (failure) throw failure
      },
    },
  })
  let UserPoolId: string
  let sub: string | undefined
  const deliver = async (configured: boolean) => {
    UserPoolId = (await makePool(server, { AutoVerifiedAttributes: ['email'] })).Id
    const { ClientId } = await makeClient(server, UserPoolId)
    const errors = {
      EventSource: 'userNotification',
      LogLevel: 'ERROR',
      CloudWatchLogsConfiguration: { LogGroupArn: GROUP },
    } as const
    const LogConfigurations = configured ? [errors] : []
    await server.admin.send(new SetLogDeliveryConfigurationCommand({ UserPoolId, LogConfigurations }))
    sub = (await signUpUser(server, ClientId, 'ann', { email: 'ann@example.com' })).UserSub
  }
  beforeEach(() => {
    failure = undefined
    tried.length = 0
  })
  const details = () =>
    recordsIn(file)
      .filter(({ logSourceId }) => logSourceId.userPoolId === UserPoolId)
      .map(({ message }) => String(message['details']))

  it('are told in the form of the service, without content, with the destination masked', async () => {
    failure = new DeliveryFailed('SMTP 550', true)
    await deliver(true)
    await expect.poll(details, { timeout: 15_000 }).toHaveLength(1)
    const [record] = recordsIn(file)
    expect(record).toEqual({
      eventTimestamp: expect.stringMatching(/^\d{13}$/),
      eventSource: 'USER_NOTIFICATION',
      logLevel: 'ERROR',
      message: { details: expect.any(String) },
      logSourceId: { userPoolId: UserPoolId },
    })
    expect(details()[0]).toMatch(
      new RegExp(
        `^EMAIL message [0-9a-f-]{36} to a\\*\\*\\*@e\\*\\*\\* of user ${sub} was not delivered \\(attempt 1\\): SMTP 550; given up$`,
      ),
    )
    const code = /\d{6}/.exec(tried[0] ?? '')?.[0] as string
    for (const secret of [code, 'ann@example.com']) expect(readFileSync(file, 'utf8')).not.toContain(secret)
  })

  it('are told once when they are to be tried again, and once when they are given up', async () => {
    failure = new DeliveryFailed('HTTP 503')
    await deliver(true)
    await expect.poll(details, { timeout: 15_000 }).toHaveLength(1)
    expect(details()[0]).toMatch(/\(attempt 1\): HTTP 503; tried again at \d{4}-/)
    server.clock.advance(30_000)
    await expect.poll(() => tried.length, { timeout: 15_000 }).toBe(2)
    server.clock.advance(48 * HOUR_MS)
    await expect.poll(details, { timeout: 15_000 }).toHaveLength(2)
    expect(details()[1]).toMatch(/given up$/)
  })

  it('are not told when they arrive after all, nor in a pool that exports none', async () => {
    failure = new DeliveryFailed('HTTP 503')
    await deliver(true)
    await expect.poll(details, { timeout: 15_000 }).toHaveLength(1)
    failure = undefined
    server.clock.advance(30_000)
    await expect.poll(() => tried.length, { timeout: 15_000 }).toBe(2)
    failure = new DeliveryFailed('SMTP 550', true)
    const first = UserPoolId
    await deliver(false)
    await expect.poll(() => tried.length, { timeout: 15_000 }).toBe(3)
    await deliver(true)
    await expect.poll(details, { timeout: 15_000 }).toHaveLength(1)
    UserPoolId = first
    expect(details()).toHaveLength(1)
  })
})
