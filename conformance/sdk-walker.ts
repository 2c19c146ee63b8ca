// An application on the AWS SDK that answers whatever challenge a sign-in brings, by the public operations or by the Admin
// ones: which challenges came is what a test compares.
import { randomBytes } from 'node:crypto'
import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  type AuthFlowType,
  type ChallengeNameType,
  type CognitoIdentityProviderClient,
  ConfirmDeviceCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  RespondToAuthChallengeCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Authenticator } from '../server/test/authenticator.ts'
import { srpAnswer, srpClaim, srpStart, srpVerifier, srpX } from '../server/test/srp-client.ts'
import { app } from './authenticator-app.ts'
import type { StartedServer } from './start-server.ts'
import { newestCode, type PoolAndClient } from './user-pool.ts'

/** Who signs in, and what they have at hand. */
export interface Person {
  readonly name: string
  readonly password: string
  readonly email?: string
  readonly phone?: string
  /** What they choose of several factors. */
  readonly choice?: string
  readonly authenticator?: Authenticator
  /** The codes of their authenticator app, once it is set up. */
  totp?: () => string
  /** What the client keeps of a device. */
  device?: { key: string; groupKey: string; password: string }
}

export interface Walk {
  /** The challenges, in the order in which they came. */
  path: ChallengeNameType[]
  tokens: AuthenticationResultType
}

type Answers = Record<string, string>

export function sdkWalker(
  server: StartedServer,
  app_: CognitoIdentityProviderClient,
  admin?: CognitoIdentityProviderClient,
) {
  const begin = (
    at: PoolAndClient,
    AuthFlow: AuthFlowType,
    AuthParameters: Answers,
    Session?: string,
  ): Promise<InitiateAuthCommandOutput> => {
    const input = { ClientId: at.clientId, AuthFlow, AuthParameters, Session }
    return admin
      ? admin.send(new AdminInitiateAuthCommand({ ...input, UserPoolId: at.poolId }))
      : app_.send(new InitiateAuthCommand(input))
  }

  /** Signs in, and answers each challenge as the person can. */
  async function walk(
    at: PoolAndClient,
    person: Person,
    AuthFlow: AuthFlowType,
    more: Answers = {},
    session?: string,
  ): Promise<Walk> {
    const start = srpStart()
    const { name: USERNAME, password, device } = person
    const withDevice: Answers = device ? { DEVICE_KEY: device.key } : {}
    const path: ChallengeNameType[] = []
    const parameters = { USERNAME, ...withDevice, ...more, ...('SRP_A' in more && { SRP_A: start.A }) }
    let came = await begin(at, AuthFlow, parameters, session)

    const answers: Record<ChallengeNameType, (parameters: Answers) => Answers | Promise<Answers>> = {
      PASSWORD_VERIFIER: (given) => ({ ...srpAnswer(at.poolId, start, given, password), ...withDevice }),
      NEW_PASSWORD_REQUIRED: () => ({ NEW_PASSWORD: `New.${password}` }),
      SELECT_CHALLENGE: () => ({ ANSWER: person.choice as string }),
      PASSWORD: () => ({ PASSWORD: password }),
      PASSWORD_SRP: () => ({ SRP_A: start.A }),
      ADMIN_NO_SRP_AUTH: () => ({ PASSWORD: password }),
      EMAIL_OTP: async () => ({ EMAIL_OTP_CODE: await newestCode(server, person.email as string) }),
      SMS_OTP: async () => ({ SMS_OTP_CODE: await newestCode(server, person.phone as string) }),
      SMS_MFA: async () => ({ SMS_MFA_CODE: await newestCode(server, person.phone as string) }),
      SOFTWARE_TOKEN_MFA: () => ({ SOFTWARE_TOKEN_MFA_CODE: person.totp?.() as string }),
      SELECT_MFA_TYPE: () => ({ ANSWER: person.choice as string }),
      MFA_SETUP: async () => (person.email ? { EMAIL: person.email } : setUpApp(person)),
      CUSTOM_CHALLENGE: () => ({ ANSWER: 'sesame' }),
      WEB_AUTHN: (given) => ({
        CREDENTIAL: JSON.stringify(
          person.authenticator?.get(JSON.parse(given['CREDENTIAL_REQUEST_OPTIONS'] as string)),
        ),
      }),
      DEVICE_SRP_AUTH: () => ({ SRP_A: start.A, ...withDevice }),
      DEVICE_PASSWORD_VERIFIER: (given) => {
        const { key, groupKey, password } = device as NonNullable<Person['device']>
        return { ...srpClaim({ poolName: groupKey, userId: key, password }, start, given), ...withDevice }
      },
    }

    /** With the session of the challenge, which the operations replace. */
    async function setUpApp(who: Person): Promise<Answers> {
      const associated = await app_.send(new AssociateSoftwareTokenCommand({ Session: came.Session }))
      who.totp = app(associated.SecretCode as string)
      const UserCode = who.totp()
      const { Session } = await app_.send(new VerifySoftwareTokenCommand({ Session: associated.Session, UserCode }))
      came = { ...came, Session }
      return {}
    }

    while (came.ChallengeName !== undefined) {
      const { ChallengeName } = came
      path.push(ChallengeName)
      const ChallengeResponses = { USERNAME, ...(await answers[ChallengeName](came.ChallengeParameters ?? {})) }
      const input = { ClientId: at.clientId, ChallengeName, ChallengeResponses, Session: came.Session }
      came = admin
        ? await admin.send(new AdminRespondToAuthChallengeCommand({ ...input, UserPoolId: at.poolId }))
        : await app_.send(new RespondToAuthChallengeCommand(input))
    }
    return { path, tokens: came.AuthenticationResult as AuthenticationResultType }
  }

  /** Confirms the device that tokens began; the person keeps it. */
  async function keepDevice(
    person: Person,
    { AccessToken, NewDeviceMetadata }: AuthenticationResultType,
  ): Promise<void> {
    const { DeviceKey: key = '', DeviceGroupKey: groupKey = '' } = NewDeviceMetadata ?? {}
    const [password, salt] = [randomBytes(40).toString('base64'), randomBytes(16)]
    const x = srpX(groupKey, key, password, BigInt(`0x${salt.toString('hex')}`))
    const secret = { Salt: salt.toString('base64'), PasswordVerifier: srpVerifier(x).toString('base64') }
    await app_.send(new ConfirmDeviceCommand({ AccessToken, DeviceKey: key, DeviceSecretVerifierConfig: secret }))
    person.device = { key, groupKey, password }
  }

  return { begin, walk, keepDevice }
}
