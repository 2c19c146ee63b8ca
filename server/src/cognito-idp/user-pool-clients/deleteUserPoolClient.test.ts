import {
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, makeUser, signIn, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('DeleteUserPoolClient on %s', (engine) => {
  const server = useTestServer({ engine })
  const remove = (UserPoolId: string, ClientId: string) =>
    server.admin.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }))

  it('answers with an empty body, and the client is deleted with its tokens', async () => {
    const { Id } = await makePool(server)
    const { ClientId } = await makeClient(server, Id)
    await makeUser(server, Id, 'ada')
    const { AccessToken, RefreshToken } = await signIn(server, ClientId, 'ada')
    const { $metadata, ...answer } = await remove(Id, ClientId)
    expect($metadata.httpStatusCode).toBe(200)
    expect(answer).toEqual({})
    const text = `User pool client ${ClientId} does not exist.`
    const AuthParameters = { REFRESH_TOKEN: RefreshToken }
    const calls = [
      () => server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId: Id, ClientId })),
      () => server.app.send(new InitiateAuthCommand({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId, AuthParameters })),
      () => server.app.send(new GetUserCommand({ AccessToken })),
      () => remove(Id, ClientId),
    ]
    for (const call of calls) await expectRefusal(call(), 'ResourceNotFoundException', text)
  })

  it('refuses a client of another pool, which stays', async () => {
    const [one, other] = await Promise.all([makePool(server), makePool(server)])
    const { ClientId } = await makeClient(server, one.Id)
    await expectRefusal(
      remove(other.Id, ClientId),
      'ResourceNotFoundException',
      `User pool client ${ClientId} does not exist.`,
    )
    await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId: one.Id, ClientId }))
  })

  it('succeeds for one of two concurrent requests', async () => {
    const { Id } = await makePool(server)
    const { ClientId } = await makeClient(server, Id)
    const results = await Promise.allSettled([remove(Id, ClientId), remove(Id, ClientId)])
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(results.find((result) => result.status === 'rejected')?.reason.name).toBe('ResourceNotFoundException')
  })

  it('refuses callers that do not sign, and deletes nothing', async () => {
    const { Id } = await makePool(server)
    const { ClientId } = await makeClient(server, Id)
    const answer = await server.raw('DeleteUserPoolClient', { UserPoolId: Id, ClientId })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
    await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId: Id, ClientId }))
  })
})
