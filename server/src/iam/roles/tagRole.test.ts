import { CreateServiceLinkedRoleCommand, ListRoleTagsCommand, TagRoleCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole } from '../../../test/iam.ts'

const Tags = [{ Key: 'k', Value: 'v' }]

describe.each(engines)('TagRole (%s)', (engine) => {
  const server = useTestServer({ engine })

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  const tag = (...tags: [string, string][]) =>
    iamClient(server).send(
      new TagRoleCommand({ RoleName: 'holder', Tags: tags.map(([Key, Value]) => ({ Key, Value })) }),
    )
  const list = async () => (await iamClient(server).send(new ListRoleTagsCommand({ RoleName: 'holder' }))).Tags

  it('adds tags, and replaces those of a key in another case', async () => {
    await tag(['Team', 'a'], ['__proto__', ''], ['constructor', 'x'])
    await tag(['tEAM', 'b'])
    expect(await list()).toEqual([
      { Key: '__proto__', Value: '' },
      { Key: 'constructor', Value: 'x' },
      { Key: 'tEAM', Value: 'b' },
    ])
  })

  it('InvalidInput for keys that come twice or are reserved', async () => {
    const twice = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
    await expectRefusal(tag(['a', ''], ['A', '']), 'InvalidInputException', twice)
    const reserved = 'The tag key AWS:x is reserved: keys that begin with aws: cannot be set.'
    await expectRefusal(tag(['AWS:x', '']), 'InvalidInputException', reserved)
  })

  it('LimitExceeded for more than 50 tags, for all but those of many that fit', async () => {
    const here = (await list())?.length ?? 0
    const few = (name: string) =>
      tag(...Array.from({ length: 10 }, (_, index): [string, string] => [`${name}-${index}`, '']))
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd', 'e', 'f'].map(few))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(Math.floor((50 - here) / 10))
    const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(refused.reason).toMatchObject({
      name: 'LimitExceededException',
      message: 'The number of tags has reached the maximum limit.',
    })
    const many = Array.from({ length: 51 }, (_, index): [string, string] => [`x${index}`, ''])
    await expectRefusal(tag(...many), 'ValidationError', /tags.*less than or equal to 50/)
  })

  it('tags a service-linked role, too', async () => {
    await iamClient(server).send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'cognito-idp.amazonaws.com' }))
    await iamClient(server).send(new TagRoleCommand({ RoleName: 'AWSServiceRoleForAmazonCognitoIdp', Tags }))
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(new TagRoleCommand({ RoleName: 'nobody', Tags }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new TagRoleCommand({ RoleName: 'holder', Tags })
    await expectDenied(server, (iam) => iam.send(call), 'iam:TagRole', `arn:aws:iam::${server.accountId}:role/Holder`)
  })
})
