// Recovery codes in tests: pools that use them, and calls of the operations that the SDK does not know.
import type { TestPool, TestServer } from './harness.ts'
import { call } from './refusals/raw-request.ts'
import { poolWith, TOTP } from './second-factors.ts'

/** Settings of a pool whose users have sets of so many codes. */
export const withCodes = (count = 3) => ({ UserPoolTags: { 'cognomen:recovery-codes': String(count) } })

/** A pool with software tokens as second factors, and recovery codes. */
export const recoveryPool = (server: TestServer, count?: number): Promise<TestPool> =>
  poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP }, withCodes(count))

/** Calls an operation of our own, as an administrator where `sign` says so. Rejects with an error as SDKs make it. */
export async function ask(
  server: TestServer,
  operation: string,
  input: object,
  sign = false,
): Promise<Record<string, unknown>> {
  const { status, json } = await call(server, operation, input, { sign })
  if (status === 200) return json
  throw Object.assign(new Error(json.message), { name: json.__type })
}

/** A new set of codes for the user of an access token. */
export const newCodes = async (server: TestServer, AccessToken: string): Promise<string[]> =>
  (await ask(server, 'CreateRecoveryCodes', { AccessToken }))['RecoveryCodes'] as string[]

/** What the user of an access token is told of their codes. */
export const toldOf = (server: TestServer, AccessToken: string): Promise<Record<string, unknown>> =>
  ask(server, 'DescribeRecoveryCodes', { AccessToken })
