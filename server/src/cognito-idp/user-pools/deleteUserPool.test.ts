import {
  AdminGetUserCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUserPoolsCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  useTestServer,
} from '../../../test/harness.ts'

describe.each(engines)('DeleteUserPool on %s', (engine) => {
  const server = useTestServer({ engine })
  const remove = (UserPoolId: string) => server.admin.send(new DeleteUserPoolCommand({ UserPoolId }))

  it('answers with an empty body', async () => {
    const { Id } = await makePool(server)
    const { $metadata, ...answer } = await remove(Id)
    expect($metadata.httpStatusCode).toBe(200)
    expect(answer).toEqual({})
  })

  it('deletes the pool for every caller at once, with users and clients', async () => {
    const { Id } = await makePool(server)
    const { ClientId } = await makeClient(server, Id)
    await makeUser(server, Id, 'ada')
    const { AccessToken } = await signIn(server, ClientId, 'ada')
    await remove(Id)
    const gone = `User pool ${Id} does not exist.`
    const calls = [
      () => server.admin.send(new DescribeUserPoolCommand({ UserPoolId: Id })),
      () => server.admin.send(new AdminGetUserCommand({ UserPoolId: Id, Username: 'ada' })),
      () => server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId: Id, ClientId })),
      () => server.admin.send(new DeleteUserPoolCommand({ UserPoolId: Id })),
    ]
    for (const call of calls) await expectRefusal(call(), 'ResourceNotFoundException', gone)
    const AuthParameters = { USERNAME: 'ada', PASSWORD }
    await expectRefusal(
      server.app.send(new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters })),
      'ResourceNotFoundException',
    )
    await expectRefusal(
      server.app.send(new GetUserCommand({ AccessToken })),
      'NotAuthorizedException',
      'Invalid Access Token',
    )
    const { UserPools } = await server.admin.send(new ListUserPoolsCommand({ MaxResults: 60 }))
    expect(UserPools?.map((pool) => pool.Id)).not.toContain(Id)
  })

  it('refuses a pool under deletion protection until that is off', async () => {
    const { Id } = await makePool(server, { DeletionProtection: 'ACTIVE' })
    await expectRefusal(
      remove(Id),
      'InvalidParameterException',
      'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    )
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId: Id, DeletionProtection: 'INACTIVE' }))
    await remove(Id)
  })

  it('succeeds for one of two concurrent requests', async () => {
    const { Id } = await makePool(server)
    const results = await Promise.allSettled([remove(Id), remove(Id)])
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(results.find((result) => result.status === 'rejected')?.reason.name).toBe('ResourceNotFoundException')
  })

  it('refuses a pool that does not exist', () =>
    expectRefusal(
      remove('us-east-1_nothere12'),
      'ResourceNotFoundException',
      'User pool us-east-1_nothere12 does not exist.',
    ))

  it('refuses callers that do not sign, and deletes nothing', async () => {
    const { Id } = await makePool(server)
    const answer = await server.raw('DeleteUserPool', { UserPoolId: Id })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
    await server.admin.send(new DescribeUserPoolCommand({ UserPoolId: Id }))
  })
})
