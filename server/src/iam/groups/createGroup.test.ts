import { CreateGroupCommand, type CreateGroupCommandInput } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe.each(engines)('CreateGroup (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (input: CreateGroupCommandInput) => iamClient(server).send(new CreateGroupCommand(input))

  it('creates a group, under / or another path', async () => {
    expect((await create({ GroupName: 'Admins' })).Group).toEqual({
      Path: '/',
      GroupName: 'Admins',
      GroupId: expect.stringMatching(/^AGPA[A-Z2-7]{17}$/),
      Arn: `arn:aws:iam::${server.accountId}:group/Admins`,
      CreateDate: expect.any(Date),
    })
    const Arn = `arn:aws:iam::${server.accountId}:group/a/b/Devs`
    expect((await create({ GroupName: 'Devs', Path: '/a/b/' })).Group).toMatchObject({ Path: '/a/b/', Arn })
    expect((await create({ GroupName: '__proto__' })).Group?.GroupName).toBe('__proto__')
    expect((await create({ GroupName: 'x'.repeat(128) })).Group?.GroupName).toHaveLength(128)
  })

  it('EntityAlreadyExists for a name that differs in case only, also in concurrent requests', async () => {
    const message = 'Group with name ADMINS already exists.'
    await expectRefusal(create({ GroupName: 'ADMINS', Path: '/x/' }), 'EntityAlreadyExistsException', message)
    const outcomes = await Promise.allSettled(
      ['race', 'Race', 'RACE', 'rAce', 'raCe'].map((GroupName) => create({ GroupName })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('ValidationError for an invalid name', async () => {
    await expectRefusal(create({ GroupName: 'a b' }), 'ValidationError', /groupName.*regular expression/)
    await expectRefusal(
      create({ GroupName: 'x'.repeat(129) }),
      'ValidationError',
      /groupName.*less than or equal to 128/,
    )
  })

  it('refuses callers without permission', async () => {
    const call = new CreateGroupCommand({ GroupName: 'mine', Path: '/p/' })
    const arn = `arn:aws:iam::${server.accountId}:group/p/mine`
    await expectDenied(server, (iam) => iam.send(call), 'iam:CreateGroup', arn)
  })
})
