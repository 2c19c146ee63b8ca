import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SignInPolicyType } from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePool, startTestServer, type TestOptions, type TestServer } from '../../../test/harness.ts'
import { EMAIL, poolWith, SMS, TOTP } from '../../../test/second-factors.ts'

let folder: string
const COGNOMEN_MASTER_KEY = randomBytes(32).toString('base64')
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cognomen-warnings-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The warnings of a start on the same database, and the ids of the pools that `during` makes. */
async function start(
  env: TestOptions['env'],
  {
    effects,
    during,
  }: {
    effects?: TestOptions['effects']
    during?: (made: ReturnType<typeof maker>, server: TestServer) => Promise<void>
  } = {},
) {
  const lines: string[] = []
  const server = await startTestServer({
    env: { COGNOMEN_MASTER_KEY, DATABASE_URL: '', DATA_DIR: folder, LOG_LEVEL: 'warn', ...env },
    ...(effects && { effects }),
    logTo: { write: (line) => void lines.push(line) },
  })
  await during?.(maker(server), server)
  await server.stop()
  return lines.map((line) => JSON.parse(line) as { msg: string; userPools: string[]; count: number })
}

const maker =
  (server: Parameters<typeof makePool>[0]) =>
  async (...AutoVerifiedAttributes: ('email' | 'phone_number')[]): Promise<string> =>
    (await makePool(server, { AutoVerifiedAttributes })).Id

test('a production start names the pools whose codes nothing sends', async () => {
  const pools: string[] = []
  await start(
    {},
    {
      during: async (make) => {
        for (const attributes of [['email'], ['phone_number'], ['email', 'phone_number'], []] as const)
          pools.push(await make(...attributes))
      },
    },
  )
  const [email, phone, both] = pools as [string, string, string]
  const warnings = await start({ NODE_ENV: 'production' })
  expect(warnings.map(({ msg, userPools, count }) => ({ msg, userPools: [...userPools].sort(), count }))).toEqual([
    {
      msg: 'user pools verify email, but nothing sends their codes: set SMTP_URL, or their sign-ups are refused',
      userPools: [email, both].sort(),
      count: 2,
    },
    {
      msg: 'user pools verify phone_number, but nothing sends their codes: set SMS_URL or SNS_ENDPOINT, or their sign-ups are refused',
      userPools: [phone, both].sort(),
      count: 2,
    },
  ])
  const withEmail = await start({ NODE_ENV: 'production' }, { effects: { sendEmail: async () => undefined } })
  expect(withEmail.map(({ msg }) => msg)).toEqual([expect.stringContaining('verify phone_number')])
  expect(await start({})).toEqual([])
})

test('so it does with pools whose factors nothing sends', async () => {
  const made: Record<string, string> = {}
  await start(
    {},
    {
      during: async (_, server) => {
        const SignInPolicy: SignInPolicyType = { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] }
        const pools = {
          second: await poolWith(server, { MfaConfiguration: 'ON', SmsMfaConfiguration: SMS, ...EMAIL }),
          apps: await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP }),
          // SMS is configured, for verification, and no factor.
          off: await poolWith(server, { MfaConfiguration: 'OFF' }, SMS),
          first: await poolWith(server, { MfaConfiguration: 'OFF' }, { Policies: { SignInPolicy } }),
        }
        for (const [name, { poolId }] of Object.entries(pools)) made[name] = poolId
      },
    },
  )
  const warned = async (effects?: TestOptions['effects']) =>
    (await start({ NODE_ENV: 'production' }, effects ? { effects } : {}))
      .filter(({ msg }) => msg.includes('factor'))
      .map(({ msg, userPools }) => [msg, userPools])
  const bySms = [
    [
      'user pools ask for SMS_MFA as second factor, but nothing sends their codes: set SMS_URL or SNS_ENDPOINT, or sign-ins that need one are refused',
      [made['second']],
    ],
    [
      'user pools allow SMS_OTP as first factor, but nothing sends their codes: set SMS_URL or SNS_ENDPOINT, or such sign-ins are refused',
      [made['first']],
    ],
  ]
  expect((await warned()).sort()).toEqual(
    [
      ...bySms,
      [
        'user pools ask for EMAIL_OTP as second factor, but nothing sends their codes: set SMTP_URL, or sign-ins that need one are refused',
        [made['second']],
      ],
      [
        'user pools allow EMAIL_OTP as first factor, but nothing sends their codes: set SMTP_URL, or such sign-ins are refused',
        [made['first']],
      ],
    ].sort(),
  )
  expect(await warned({ sendEmail: async () => undefined })).toEqual(bySms)
})
