import {
  DeleteUserPoolCommand,
  ListTagsForResourceCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('ListTagsForResource on %s', (engine) => {
  const server = useTestServer({ engine })
  const list = (ResourceArn: string) => server.admin.send(new ListTagsForResourceCommand({ ResourceArn }))

  it('lists the tags of a pool, however they came there', async () => {
    const { Id, Arn = '' } = await makePool(server, { UserPoolTags: { stage: 'test' } })
    expect((await list(Arn)).Tags).toEqual({ stage: 'test' })
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId: Id, UserPoolTags: { team: 'one' } }))
    expect((await list(Arn)).Tags).toEqual({ team: 'one' })
  })

  it('answers with an empty map when there are none', async () => {
    const { $metadata, ...answer } = await list((await makePool(server)).Arn as string)
    expect(answer).toEqual({ Tags: {} })
  })

  it('refuses resources that are not here', async () => {
    const { Id, Arn = '' } = await makePool(server)
    const foreign = Arn.replace(':us-east-1:', ':eu-west-1:')
    await expectRefusal(list(foreign), 'ResourceNotFoundException', `Resource ${foreign} does not exist.`)
    await server.admin.send(new DeleteUserPoolCommand({ UserPoolId: Id }))
    await expectRefusal(list(Arn), 'ResourceNotFoundException', `User pool ${Id} does not exist.`)
  })

  it('refuses what is no ARN', () =>
    expectRefusal(list('us-east-1_12345678901234567890'), 'InvalidParameterException', /regular expression pattern/))

  it('refuses callers that do not sign', async () => {
    const { Arn } = await makePool(server)
    const answer = await server.raw('ListTagsForResource', { ResourceArn: Arn })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
