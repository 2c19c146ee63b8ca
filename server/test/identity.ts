// Identity pools for tests.
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  type CreateIdentityPoolCommandInput,
  GetOpenIdTokenForDeveloperIdentityCommand,
  type IdentityPool,
} from '@aws-sdk/client-cognito-identity'
import { afterAll, beforeAll } from 'vitest'
import { identityClient } from './aws-clients.ts'
import type { RawAnswer, TestServer } from './harness.ts'

/** A pool that lets guests in, unless told otherwise. */
export async function makeIdentityPool(
  client: CognitoIdentityClient,
  settings: Partial<CreateIdentityPoolCommandInput> = {},
): Promise<IdentityPool & { IdentityPoolId: string }> {
  const { $metadata, ...pool } = await client.send(
    new CreateIdentityPoolCommand({ IdentityPoolName: 'test', AllowUnauthenticatedIdentities: true, ...settings }),
  )
  return pool as IdentityPool & { IdentityPoolId: string }
}

/** The administrator's client for all tests of a `describe`; use it inside of tests and hooks only. */
export function useIdentityClient(server: TestServer): CognitoIdentityClient {
  let client: CognitoIdentityClient | undefined
  beforeAll(() => {
    client = identityClient(server)
  })
  afterAll(() => client?.destroy())
  // The SDK's paginators want an instance of the class.
  return new Proxy(Object.create(CognitoIdentityClient.prototype) as CognitoIdentityClient, {
    get: (_target, name) => {
      const value = (client as never as Record<PropertyKey, unknown>)[name]
      return typeof value === 'function' ? value.bind(client) : value
    },
  })
}

/** A raw call of identity pools, unsigned. */
export async function rawIdentityCall(server: TestServer, operation: string, body: unknown): Promise<RawAnswer> {
  return server.raw(operation, body, { 'x-amz-target': `AWSCognitoIdentityService.${operation}` })
}

/** The ARN of a pool. */
export const poolArnOf = (server: TestServer, poolId: string): string =>
  `arn:aws:cognito-identity:${server.region}:${server.accountId}:identitypool/${poolId}`

/** What a developer's backend gets for its user, at the named identity or at the user's own. */
export async function developerToken(
  client: CognitoIdentityClient,
  IdentityPoolId: string,
  Logins: Record<string, string>,
  IdentityId?: string,
): Promise<{ id: string; token: string }> {
  const answer = await client.send(
    new GetOpenIdTokenForDeveloperIdentityCommand({ IdentityPoolId, Logins, ...(IdentityId && { IdentityId }) }),
  )
  return { id: answer.IdentityId as string, token: answer.Token as string }
}
