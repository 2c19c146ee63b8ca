import { CreateUserCommand, ListUserTagsCommand, type Tag, TagUserCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser } from '../../../test/iam.ts'

describe.each(engines)('TagUser (%s)', (engine) => {
  const server = useTestServer({ engine })
  const tag = (UserName: string, ...Tags: Tag[]) => iamClient(server).send(new TagUserCommand({ UserName, Tags }))
  const tagsOf = async (UserName: string) =>
    (await iamClient(server).send(new ListUserTagsCommand({ UserName }))).Tags?.map(
      ({ Key, Value }) => `${Key}=${Value}`,
    )

  beforeAll(() => iamClient(server).send(new CreateUserCommand({ UserName: 'Tagged' })))

  it('adds tags and replaces those of the same key, whatever its case', async () => {
    await tag('tagged', { Key: 'Team', Value: 'a' }, { Key: '__proto__', Value: 'x' })
    await tag('TAGGED', { Key: 'team', Value: 'b' })
    expect(await tagsOf('Tagged')).toEqual(['__proto__=x', 'team=b'])
  })

  it('loses no tag when many are added at once', async () => {
    await iamClient(server).send(new CreateUserCommand({ UserName: 'busy' }))
    const keys = Array.from({ length: 8 }, (_, index) => `k${index}`)
    await Promise.all(keys.map((Key) => tag('busy', { Key, Value: '' })))
    expect(await tagsOf('busy')).toEqual(keys.map((key) => `${key}=`))
  })

  it('LimitExceeded for more than 50', async () => {
    await iamClient(server).send(new CreateUserCommand({ UserName: 'full' }))
    await tag('full', ...Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' })))
    await tag('full', { Key: 'K1', Value: 'new' })
    const message = 'The number of tags has reached the maximum limit.'
    await expectRefusal(tag('full', { Key: 'more', Value: '' }), 'LimitExceededException', message)
  })

  it('InvalidInput for keys that differ in case only', async () => {
    const message = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
    const call = tag('tagged', { Key: 'x', Value: '' }, { Key: 'X', Value: '' })
    await expectRefusal(call, 'InvalidInputException', message)
  })

  it('NoSuchEntity for a user who is not there', async () => {
    const message = 'The user with name nobody cannot be found.'
    await expectRefusal(tag('nobody', { Key: 'k', Value: 'v' }), 'NoSuchEntityException', message)
  })

  it('refuses who may not; a policy may go by the tags that a user has', async () => {
    const call = (UserName: string) => new TagUserCommand({ UserName, Tags: [{ Key: 'k', Value: 'v' }] })
    const arn = `arn:aws:iam::${server.accountId}:user/`
    await expectDenied(server, (iam) => iam.send(call('tagged')), 'iam:TagUser', `${arn}Tagged`)
    const Condition = { StringEquals: { 'aws:ResourceTag/team': 'b' } }
    const tagger = iamClient(
      server,
      await makeIamUser(iamClient(server), 'tagger', { Action: 'iam:TagUser', Condition }),
    )
    await tagger.send(call('tagged'))
    await expectRefusal(tagger.send(call('busy')), 'AccessDenied', new RegExp(`${arn}busy `))
  })
})
