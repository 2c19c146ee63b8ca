import {
  AddCustomAttributesCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  DescribeUserPoolCommand,
  type SchemaAttributeType,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('AddCustomAttributes on %s', (engine) => {
  const server = useTestServer({ engine })
  const add = (UserPoolId: string, ...CustomAttributes: SchemaAttributeType[]) =>
    server.admin.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes }))
  const custom = async (UserPoolId: string) => {
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))
    return UserPool?.SchemaAttributes?.slice(20)
  }
  const text = (Name: string): SchemaAttributeType => ({ Name, AttributeDataType: 'String' })

  it('adds attributes that users can have at once', async () => {
    const { Id } = await makePool(server)
    const { $metadata, ...answer } = await add(
      Id,
      {
        Name: 'plan',
        AttributeDataType: 'String',
        Mutable: true,
        StringAttributeConstraints: { MinLength: '1', MaxLength: '9' },
      },
      { Name: 'rank', AttributeDataType: 'Number', Mutable: false, StringAttributeConstraints: { MaxLength: '9' } },
      { Name: 'secret', AttributeDataType: 'Boolean', DeveloperOnlyAttribute: true },
    )
    expect($metadata.httpStatusCode).toBe(200)
    expect(answer).toEqual({})
    expect(await custom(Id)).toStrictEqual([
      {
        Name: 'custom:plan',
        AttributeDataType: 'String',
        DeveloperOnlyAttribute: false,
        Mutable: true,
        Required: false,
        StringAttributeConstraints: { MinLength: '1', MaxLength: '9' },
      },
      {
        Name: 'custom:rank',
        AttributeDataType: 'Number',
        DeveloperOnlyAttribute: false,
        Mutable: false,
        Required: false,
        NumberAttributeConstraints: {},
      },
      {
        Name: 'dev:custom:secret',
        AttributeDataType: 'Boolean',
        DeveloperOnlyAttribute: true,
        Mutable: true,
        Required: false,
      },
    ])
    const Attributes = { UserPoolId: Id, Username: 'ada' }
    const UserAttributes = [{ Name: 'custom:plan', Value: 'free' }]
    await server.admin.send(new AdminCreateUserCommand({ ...Attributes, MessageAction: 'SUPPRESS', UserAttributes }))
    const user = await server.admin.send(new AdminGetUserCommand(Attributes))
    expect(user.UserAttributes).toContainEqual({ Name: 'custom:plan', Value: 'free' })
  })

  it('loses none of those that are added at the same time', async () => {
    const { Id } = await makePool(server)
    const names = Array.from({ length: 20 }, (_, n) => `attribute${n}`)
    await Promise.all(names.map((name) => add(Id, text(name))))
    expect((await custom(Id))?.map((attribute) => attribute.Name).sort()).toEqual(
      names.map((name) => `custom:${name}`).sort(),
    )
  })

  it('refuses a name that is there', async () => {
    const { Id } = await makePool(server)
    await add(Id, text('plan'))
    const message = 'custom:plan: Existing attribute already has name custom:plan.'
    await expectRefusal(add(Id, text('plan')), 'InvalidParameterException', message)
    await expectRefusal(add(Id, text('other'), text('plan')), 'InvalidParameterException', message)
    expect(await custom(Id)).toHaveLength(1)
  })

  it('refuses more than 50, and all of a request that leads there', async () => {
    const { Id } = await makePool(server)
    const some = (from: number, count: number) => Array.from({ length: count }, (_, n) => text(`a${from + n}`))
    await add(Id, ...some(0, 25))
    await add(Id, ...some(25, 24))
    const message = 'A user pool can not have more than 50 custom attributes.'
    await expectRefusal(add(Id, ...some(49, 2)), 'InvalidParameterException', message)
    expect(await custom(Id)).toHaveLength(49)
    await add(Id, text('last'))
    await expectRefusal(add(Id, text('more')), 'InvalidParameterException', message)
  })

  it('refuses what the schema of a pool can not have', async () => {
    const { Id } = await makePool(server)
    await expectRefusal(
      add(Id, { ...text('x'), Required: true }),
      'InvalidParameterException',
      'Required custom attributes are not supported currently.',
    )
    await expectRefusal(
      add(Id, text('a-name-of-21-letters-')),
      'InvalidParameterException',
      "1 validation error detected: Value 'a-name-of-21-letters-' at 'customAttributes.1.member.name' failed to satisfy constraint: Member must have length less than or equal to 20",
    )
  })

  it('refuses a pool that does not exist', () =>
    expectRefusal(
      add('us-east-1_nothere12', text('x')),
      'ResourceNotFoundException',
      'User pool us-east-1_nothere12 does not exist.',
    ))

  it('refuses callers that do not sign', async () => {
    const { Id } = await makePool(server)
    const answer = await server.raw('AddCustomAttributes', { UserPoolId: Id, CustomAttributes: [text('x')] })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
    expect(await custom(Id)).toEqual([])
  })
})
