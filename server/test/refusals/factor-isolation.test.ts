// What proves a user at a sign-in proves nothing elsewhere (docs/reference/threats.md 10, 21): a code of an authenticator app, a
// code by e-mail, a passkey and a device of one user, at another user, another app client, and a user of the same name in
// another pool, through both doors. Each is right where it belongs, which is shown last. A new factor is a row of `factors`.
import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  type AuthFlowType,
  type ChallengeNameType,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { Authenticator } from '../authenticator.ts'
import { INVALID_SESSION, WRONG_PASSWORD } from '../challenges.ts'
import { deviceClient } from '../devices.ts'
import {
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  type TestPool,
  useTestServer,
} from '../harness.ts'
import { PASSKEY_CLIENT, PASSKEY_POOL, registerPasskey } from '../passkeys.ts'
import { codeOf, EMAIL, giveToken, TOTP } from '../second-factors.ts'
import { type SrpStart, srpClaim, srpStart } from '../srp-client.ts'

type Answers = Record<string, string>

/** A challenge that was asked. */
interface Asked {
  readonly session: string | undefined
  readonly parameters: Answers
  /** What SRP of a device began with. */
  readonly start?: SrpStart
}

interface Holder {
  /** What the sign-in begins with. */
  readonly parameters: Answers
  /** Answers the challenges before that of the factor. */
  readonly before?: (
    asked: Asked,
    answer: (name: ChallengeNameType, answers: Answers) => Promise<Asked>,
  ) => Promise<Asked>
  /** The proof, for the challenge that somebody was asked. */
  readonly prove: (asked: Asked) => Answers | Promise<Answers>
}

interface Factor {
  readonly flow: 'USER_PASSWORD_AUTH' | 'USER_AUTH'
  readonly challenge: ChallengeNameType
  /** Gives a user their factor. */
  readonly make: (at: TestPool, name: string) => Promise<Holder>
  /** How the proof of another is refused: a pair of error and text. */
  readonly refused: readonly [string, string]
  /** The factor is the user's at every client; what is refused there is only the answer of another client's session. */
  readonly spansClients?: true
}

const server = useTestServer()
const WITH_PASSWORD: Answers = { PASSWORD }
let mails = 0

const factors: Readonly<Record<string, Factor>> = {
  'a code of an authenticator app': {
    flow: 'USER_PASSWORD_AUTH',
    challenge: 'SOFTWARE_TOKEN_MFA',
    make: async (at, name) => {
      await makeUser(server, at.poolId, name)
      const secret = await giveToken(server, at.clientId, name)
      return {
        parameters: WITH_PASSWORD,
        prove: () => ({ SOFTWARE_TOKEN_MFA_CODE: codeOf(secret, server.clock.now()) }),
      }
    },
    refused: ['CodeMismatchException', 'Invalid code received for user'],
    spansClients: true,
  },
  'a code by e-mail': {
    flow: 'USER_PASSWORD_AUTH',
    challenge: 'EMAIL_OTP',
    make: async (at, name) => {
      const email = `user-${++mails}@example.com`
      await makeUser(server, at.poolId, name, { email, email_verified: 'true' })
      const on = { UserPoolId: at.poolId, Username: name, EmailMfaSettings: { Enabled: true } }
      await server.admin.send(new AdminSetUserMFAPreferenceCommand(on))
      // The code that was sent for this challenge: kept when it is asked, as a later one has another.
      const codes = new Map<string | undefined, string>()
      return {
        parameters: WITH_PASSWORD,
        before: async (asked) => {
          codes.set(asked.session, (await server.outbox.latestCode(email)) as string)
          return asked
        },
        prove: ({ session }) => ({ EMAIL_OTP_CODE: codes.get(session) as string }),
      }
    },
    refused: ['CodeMismatchException', 'Invalid code or auth state for the user.'],
  },
  'a passkey': {
    flow: 'USER_AUTH',
    challenge: 'WEB_AUTHN',
    make: async (at, name) => {
      await makeUser(server, at.poolId, name)
      const authenticator = new Authenticator()
      await registerPasskey(server, (await signIn(server, at.clientId, name)).AccessToken, authenticator)
      return {
        parameters: { PREFERRED_CHALLENGE: 'WEB_AUTHN' },
        prove: ({ parameters }) => {
          const options = JSON.parse(parameters['CREDENTIAL_REQUEST_OPTIONS'] as string)
          return { CREDENTIAL: JSON.stringify(authenticator.get(options)) }
        },
      }
    },
    refused: ['NotAuthorizedException', 'The passkey was not accepted.'],
    spansClients: true,
  },
  'a device': {
    flow: 'USER_PASSWORD_AUTH',
    challenge: 'DEVICE_PASSWORD_VERIFIER',
    make: async (at, name) => {
      await makeUser(server, at.poolId, name)
      const { device } = await deviceClient(server, at).newDevice(name)
      const { key, groupKey, password } = device
      return {
        parameters: { ...WITH_PASSWORD, DEVICE_KEY: key },
        before: async (_, answer) => {
          const start = srpStart()
          return { ...(await answer('DEVICE_SRP_AUTH', { DEVICE_KEY: key, SRP_A: start.A })), start }
        },
        prove: ({ parameters, start = srpStart() }) => ({
          DEVICE_KEY: parameters['DEVICE_KEY'] ?? key,
          ...srpClaim({ poolName: groupKey, userId: key, password }, start, parameters),
        }),
      }
    },
    refused: ['NotAuthorizedException', WRONG_PASSWORD],
    spansClients: true,
  },
}

/** A pool in which all of them can be asked for. */
async function poolOfFactors(): Promise<TestPool> {
  const { Id: poolId } = await makePool(server, { ...PASSKEY_POOL, DeviceConfiguration: {} })
  const second = { MfaConfiguration: 'OPTIONAL', ...TOTP, ...EMAIL } as const
  await server.admin.send(new SetUserPoolMfaConfigCommand({ UserPoolId: poolId, ...second }))
  return { poolId, clientId: (await makeClient(server, poolId, PASSKEY_CLIENT)).ClientId }
}

describe.each(['public', 'admin'] as const)('by the %s operations', (door) => {
  interface Place extends TestPool {
    readonly name: string
  }

  const respond = async (
    at: Place,
    ChallengeName: ChallengeNameType,
    session: string | undefined,
    answers: Answers,
  ) => {
    const ChallengeResponses = { USERNAME: at.name, ...answers }
    const input = { ClientId: at.clientId, ChallengeName, Session: session, ChallengeResponses }
    return door === 'admin'
      ? server.admin.send(new AdminRespondToAuthChallengeCommand({ ...input, UserPoolId: at.poolId }))
      : server.app.send(new RespondToAuthChallengeCommand(input))
  }

  /** A sign-in up to the challenge of the factor. */
  async function ask(factor: Factor, at: Place, holder: Holder): Promise<Asked> {
    const AuthFlow: AuthFlowType =
      door === 'admin' && factor.flow !== 'USER_AUTH' ? 'ADMIN_USER_PASSWORD_AUTH' : factor.flow
    const input = { ClientId: at.clientId, AuthFlow, AuthParameters: { USERNAME: at.name, ...holder.parameters } }
    const begun =
      door === 'admin'
        ? await server.admin.send(new AdminInitiateAuthCommand({ ...input, UserPoolId: at.poolId }))
        : await server.app.send(new InitiateAuthCommand(input))
    let { ChallengeName } = begun
    const first = { session: begun.Session, parameters: begun.ChallengeParameters ?? {} }
    const asked = await holder.before?.(first, async (name, answers) => {
      const next = await respond(at, name, first.session, answers)
      ChallengeName = next.ChallengeName
      return { session: next.Session, parameters: next.ChallengeParameters ?? {} }
    })
    expect(ChallengeName).toBe(factor.challenge)
    return asked ?? first
  }

  describe.each(Object.entries(factors))('%s', (_, factor) => {
    const name = `ada-${door}-${factor.challenge}`
    const answer = (at: Place, session: string | undefined, proof: Answers) =>
      respond(at, factor.challenge, session, proof)
    let home: Place
    let holder: Holder
    let others: Record<'user' | 'client' | 'pool', { at: Place; holder: Holder }>
    beforeAll(async () => {
      const [pool, twin] = [await poolOfFactors(), await poolOfFactors()]
      const { ClientId } = await makeClient(server, pool.poolId, PASSKEY_CLIENT)
      home = { ...pool, name }
      holder = await factor.make(pool, name)
      others = {
        user: { at: { ...pool, name: `${name}-other` }, holder: await factor.make(pool, `${name}-other`) },
        client: { at: { ...home, clientId: ClientId }, holder },
        pool: { at: { ...twin, name }, holder: await factor.make(twin, name) },
      }
    })

    it.each(['user', 'client', 'pool'] as const)('with its session is refused at another %s', async (which) => {
      const asked = await ask(factor, home, holder)
      const proof = await holder.prove(asked)
      await expectRefusal(answer(others[which].at, asked.session, proof), 'NotAuthorizedException', INVALID_SESSION)
      // It was right, and trying it elsewhere has not used it up.
      expect((await answer(home, asked.session, proof)).AuthenticationResult).toBeDefined()
      server.clock.advance(60_000)
    })

    const elsewhere = factor.spansClients ? (['user', 'pool'] as const) : (['user', 'client', 'pool'] as const)
    it.each(elsewhere)('is refused in a sign-in of another %s', async (which) => {
      const mine = await ask(factor, home, holder)
      const theirs = await ask(factor, others[which].at, others[which].holder)
      const proof = factor.spansClients ? await holder.prove(theirs) : await holder.prove(mine)
      await expectRefusal(answer(others[which].at, theirs.session, proof), ...factor.refused)
      expect((await answer(home, mine.session, await holder.prove(mine))).AuthenticationResult).toBeDefined()
      server.clock.advance(60_000)
    })

    if (factor.challenge === 'DEVICE_PASSWORD_VERIFIER')
      it.each(['user', 'pool'] as const)('is not there for another %s', async (which) => {
        const { at } = others[which]
        await expectRefusal(ask(factor, at, holder), 'ResourceNotFoundException', 'Device does not exist.')
      })

    if (factor.spansClients)
      it('is good in a sign-in at another client of its pool', async () => {
        const { at } = others.client
        const asked = await ask(factor, at, holder)
        expect((await answer(at, asked.session, await holder.prove(asked))).AuthenticationResult).toBeDefined()
        server.clock.advance(60_000)
      })
  })
})
