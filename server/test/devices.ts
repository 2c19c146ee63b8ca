// The client's side of devices: what an application does with NewDeviceMetadata and how it answers the device's challenges.
import { randomBytes } from 'node:crypto'
import {
  type AuthenticationResultType,
  ConfirmDeviceCommand,
  InitiateAuthCommand,
  type RespondToAuthChallengeCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider'
import { responder } from './challenges.ts'
import { PASSWORD, type TestPool, type TestServer } from './harness.ts'
import { type SrpStart, srpClaim, srpStart, srpVerifier, srpX } from './srp-client.ts'

/** What a client keeps of a device. */
export interface ClientDevice {
  key: string
  groupKey: string
  password: string
}

/** DeviceSecretVerifierConfig of a device's password. */
export function secretOf({ groupKey, key, password }: ClientDevice): { Salt: string; PasswordVerifier: string } {
  const salt = randomBytes(16)
  const x = srpX(groupKey, key, password, BigInt(`0x${salt.toString('hex')}`))
  return { Salt: salt.toString('base64'), PasswordVerifier: srpVerifier(x).toString('base64') }
}

/** A client of devices at a pool. */
export function deviceClient(server: TestServer, at: TestPool) {
  const respond = responder(server, at)

  /** InitiateAuth with the plain password, `key` being the device's. */
  const begin = (USERNAME: string, key?: string, ClientId = at.clientId) =>
    server.app.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME, PASSWORD, ...(key !== undefined && { DEVICE_KEY: key }) },
      }),
    )

  /** A confirmed device and the tokens that made it; `tokens` are those of the sign-in that began it. */
  async function confirm(tokens: AuthenticationResultType | undefined, DeviceName?: string) {
    const { DeviceKey, DeviceGroupKey } = tokens?.NewDeviceMetadata ?? {}
    const device: ClientDevice = {
      key: DeviceKey as string,
      groupKey: DeviceGroupKey as string,
      password: randomBytes(40).toString('base64'),
    }
    const { UserConfirmationNecessary } = await server.app.send(
      new ConfirmDeviceCommand({
        AccessToken: tokens?.AccessToken as string,
        DeviceKey,
        DeviceName,
        DeviceSecretVerifierConfig: secretOf(device),
      }),
    )
    return { device, tokens, UserConfirmationNecessary }
  }

  /** A new device of a user who signs in with the plain password. */
  const newDevice = async (username: string, name?: string, ClientId = at.clientId) =>
    confirm((await begin(username, undefined, ClientId)).AuthenticationResult, name)

  /** The first half of the device's SRP. */
  async function challengeFor(
    username: string,
    { key }: Pick<ClientDevice, 'key'>,
    Session?: string,
    clientId?: string,
  ) {
    const start = srpStart()
    const challenge = await respond(
      'DEVICE_SRP_AUTH',
      { USERNAME: username, DEVICE_KEY: key, SRP_A: start.A },
      Session,
      clientId,
    )
    return { start, challenge }
  }

  /** The second half; `more` goes over what is right. */
  const prove = (
    username: string,
    { key, groupKey, password }: ClientDevice,
    { start, challenge }: { start: SrpStart; challenge: RespondToAuthChallengeCommandOutput },
    more: Record<string, string> = {},
    clientId?: string,
  ) =>
    respond(
      'DEVICE_PASSWORD_VERIFIER',
      {
        USERNAME: username,
        DEVICE_KEY: key,
        ...srpClaim({ poolName: groupKey, userId: key, password }, start, challenge.ChallengeParameters ?? {}),
        ...more,
      },
      challenge.Session,
      clientId,
    )

  /** Both halves, with the session that came with DEVICE_SRP_AUTH. */
  const answer = async (username: string, device: ClientDevice, Session?: string) =>
    prove(username, device, await challengeFor(username, device, Session))

  return { begin, confirm, newDevice, challengeFor, prove, answer, respond }
}
