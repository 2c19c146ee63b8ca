import { CreatePolicyCommand, CreateUserCommand, GetUserCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

describe.each(engines)('CreateUser (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (input: ConstructorParameters<typeof CreateUserCommand>[0]) =>
    iamClient(server).send(new CreateUserCommand(input))

  it('creates a user under /, and leaves out what is not set', async () => {
    const { User } = await create({ UserName: 'bare' })
    expect(User).toEqual({
      Path: '/',
      UserName: 'bare',
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      Arn: `arn:aws:iam::${server.accountId}:user/bare`,
      CreateDate: expect.any(Date),
    })
  })

  it('keeps path, tags and boundary', async () => {
    const { Policy } = await iamClient(server).send(
      new CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument: policy({ Action: 'iam:*' }) }),
    )
    const Tags = [{ Key: '__proto__', Value: '' }]
    const { User } = await create({
      UserName: 'all',
      Path: '/a/b/',
      Tags,
      PermissionsBoundary: Policy?.Arn as string,
    })
    const all = { Arn: `arn:aws:iam::${server.accountId}:user/a/b/all`, Path: '/a/b/', Tags }
    expect(User).toMatchObject({ ...all, PermissionsBoundary: { PermissionsBoundaryArn: Policy?.Arn } })
    expect((await iamClient(server).send(new GetUserCommand({ UserName: 'all' }))).User).toEqual(User)
  })

  it.each(['__proto__', 'constructor', 'a@b.c+d=e,f-g_h', 'x'.repeat(64)])('accepts the name %s', async (UserName) => {
    expect((await create({ UserName })).User?.UserName).toBe(UserName)
  })

  it('EntityAlreadyExists for a name that differs in case only, also in concurrent requests', async () => {
    await create({ UserName: 'Twice' })
    const message = 'User with name tWICE already exists.'
    await expectRefusal(create({ UserName: 'tWICE', Path: '/x/' }), 'EntityAlreadyExistsException', message)
    const names = ['race', 'Race', 'RACE', 'rAce', 'raCe', 'racE']
    const outcomes = await Promise.allSettled(names.map((UserName) => create({ UserName })))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason.name).toBe('EntityAlreadyExistsException')
  })

  it('NoSuchEntity for an unknown boundary, and no user is created', async () => {
    const PermissionsBoundary = `arn:aws:iam::${server.accountId}:policy/nothing`
    const message = `Scope ARN: ${PermissionsBoundary} does not exist or is not attachable.`
    await expectRefusal(create({ UserName: 'unbound', PermissionsBoundary }), 'NoSuchEntityException', message)
    await create({ UserName: 'unbound' })
  })

  it('InvalidInput for tags whose keys differ in case only', async () => {
    const Tags = ['a', 'A'].map((Key) => ({ Key, Value: '' }))
    const message = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
    await expectRefusal(create({ UserName: 'tagged', Tags }), 'InvalidInputException', message)
  })

  it.each([
    [{ UserName: 'a b' }, /userName.*regular expression/],
    [{ UserName: 'x'.repeat(65) }, /userName.*less than or equal to 64/],
    [{ UserName: 'x', Path: 'a/' }, /path.*regular expression/],
    [{ UserName: 'x', Path: `/${'x'.repeat(511)}/` }, /path.*less than or equal to 512/],
  ])('ValidationError for %o', async (input, message) => {
    await expectRefusal(create(input), 'ValidationError', message)
  })

  it('refuses callers without permission, checked on the path of the new user', async () => {
    const input = { UserName: 'forbidden', Path: '/$&/' }
    const arn = `arn:aws:iam::${server.accountId}:user/$&/forbidden`
    await expectDenied(server, (iam) => iam.send(new CreateUserCommand(input)), 'iam:CreateUser', arn)
  })
})
