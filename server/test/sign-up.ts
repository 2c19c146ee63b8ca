// Signing up and confirming, for tests that start from there.
import {
  ConfirmSignUpCommand,
  SignUpCommand,
  type SignUpCommandInput,
  type SignUpCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider'
import { PASSWORD, type TestServer } from './harness.ts'

/** SignUp with PASSWORD. */
export const signUpUser = (
  server: TestServer,
  ClientId: string,
  Username: string,
  attributes: Record<string, string> = {},
  more: Partial<SignUpCommandInput> = {},
): Promise<SignUpCommandOutput> => {
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
  return server.app.send(new SignUpCommand({ ClientId, Username, Password: PASSWORD, UserAttributes, ...more }))
}

/** SignUp, then ConfirmSignUp with the code that was sent to `to`. Returns the sub. */
export async function signUpConfirmed(
  server: TestServer,
  ClientId: string,
  Username: string,
  attributes: Record<string, string>,
  to: string,
  more: Partial<SignUpCommandInput> = {},
): Promise<string> {
  const { UserSub } = await signUpUser(server, ClientId, Username, attributes, more)
  const ConfirmationCode = await server.outbox.latestCode(to)
  await server.app.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }))
  return UserSub as string
}

/** A code of six digits that is not `code`. */
export const otherCode = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

/** How many of `calls` came to each end: `ok`, or the name of the error. */
export async function countOutcomes(calls: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const settled of await Promise.allSettled(calls)) {
    const end = settled.status === 'fulfilled' ? 'ok' : (settled.reason as Error).name
    counts[end] = (counts[end] ?? 0) + 1
  }
  return counts
}
