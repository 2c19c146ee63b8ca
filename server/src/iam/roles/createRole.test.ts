import { CreatePolicyCommand, CreateRoleCommand, DeleteRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, startTestServer, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, policy } from '../../../test/iam.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { openDatabase } from '../../database/open.ts'

const trust = policy({ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } })

describe.each(engines)('CreateRole (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (RoleName: string, input: Partial<ConstructorParameters<typeof CreateRoleCommand>[0]> = {}) =>
    iamClient(server).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...input }))

  it('creates a role under /, and shows neither MaxSessionDuration nor RoleLastUsed', async () => {
    expect((await create('bare')).Role).toEqual({
      Path: '/',
      RoleName: 'bare',
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      Arn: `arn:aws:iam::${server.accountId}:role/bare`,
      CreateDate: expect.any(Date),
      AssumeRolePolicyDocument: encodeURIComponent(trust),
    })
  })

  it('stores all members', async () => {
    const { Policy } = await iamClient(server).send(
      new CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument: policy({ Action: 'iam:*' }) }),
    )
    const all = {
      Path: '/service-role/x/',
      Description: 'Tab\tand ÿ <&>',
      Tags: [
        { Key: '__proto__', Value: '' },
        { Key: 'Größe', Value: 'a b' },
      ],
    }
    const { Role } = await create('All', {
      ...all,
      MaxSessionDuration: 43_200,
      PermissionsBoundary: Policy?.Arn as string,
    })
    const boundary = { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: Policy?.Arn }
    const shown = {
      ...all,
      PermissionsBoundary: boundary,
      Arn: `arn:aws:iam::${server.accountId}:role/service-role/x/All`,
    }
    expect(Role).toMatchObject(shown)
    expect(Role).not.toHaveProperty('MaxSessionDuration')
    const read = await iamClient(server).send(new GetRoleCommand({ RoleName: 'all' }))
    expect(read.Role).toEqual({ ...Role, MaxSessionDuration: 43_200, RoleLastUsed: {} })
  })

  it('returns the document unchanged, percent-encoded as in RFC 3986', async () => {
    const text = `{ "Version" : "2012-10-17",\r\n\t"Id":"!'()*~ +%20/ÿ\\u00e4", "Statement": ${JSON.stringify({
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'sts:AssumeRole',
    })} }`
    const { Role } = await create('bytes', { AssumeRolePolicyDocument: text })
    const document = Role?.AssumeRolePolicyDocument as string
    expect(document).toMatch(/^[A-Za-z0-9._~%-]+$/)
    expect(document).toContain('%21%27%28%29%2A~%20%2B%2520%2F')
    expect(decodeURIComponent(document)).toBe(text)
  })

  it.each(['__proto__', 'constructor', 'a@b.c+d=e,f-g_h', 'x'.repeat(64)])('accepts the name %s', async (name) => {
    expect((await create(name)).Role?.RoleName).toBe(name)
    expect((await iamClient(server).send(new GetRoleCommand({ RoleName: name }))).Role?.RoleName).toBe(name)
  })

  it('EntityAlreadyExists for a name that differs in case only, also in concurrent requests', async () => {
    await create('Twice')
    const message = 'Role with name tWICE already exists.'
    await expectRefusal(create('tWICE', { Path: '/x/' }), 'EntityAlreadyExistsException', message)
    const names = ['race', 'Race', 'RACE', 'rAce', 'raCe', 'racE']
    const outcomes = await Promise.allSettled(names.map((name) => create(name)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason.name).toBe('EntityAlreadyExistsException')
  })

  it('NoSuchEntity for an unknown boundary, and no role is created', async () => {
    const PermissionsBoundary = `arn:aws:iam::${server.accountId}:policy/nothing`
    const message = `Scope ARN: ${PermissionsBoundary} does not exist or is not attachable.`
    await expectRefusal(create('unbound', { PermissionsBoundary }), 'NoSuchEntityException', message)
    await create('unbound')
    const text = 'Invalid ARN:  Could not be parsed!'
    await expectRefusal(create('unparsed', { PermissionsBoundary: 'x'.repeat(20) }), 'ValidationError', text)
  })
})

describe('CreateRole', () => {
  const server = useTestServer()
  const create = (RoleName: string, input: Partial<ConstructorParameters<typeof CreateRoleCommand>[0]> = {}) =>
    iamClient(server).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...input }))

  it.each([
    ['{', 'This policy contains invalid Json'],
    [policy({ Action: 'sts:AssumeRole' }).replace(',"Resource":"*"', ''), 'Missing required field Principal'],
    [policy({ Action: 'sts:AssumeRole', Principal: { AWS: '*' }, Resource: '*' }), 'Has prohibited field Resource'],
    [
      policy({ Action: 'iam:*', Principal: { AWS: '*' } }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
  ])('MalformedPolicyDocument for the trust policy %s', async (AssumeRolePolicyDocument, message) => {
    await expectRefusal(create('bad', { AssumeRolePolicyDocument }), 'MalformedPolicyDocumentException', message)
  })

  it('MalformedPolicyDocument for a user or role of this account that is not there', async () => {
    const trusting = (AWS: string | string[]) => policy({ Action: 'sts:AssumeRole', Principal: { AWS } })
    await makeIamUser(iamClient(server), 'Trusted')
    const here = `arn:aws:iam::${server.accountId}`
    const absent = [`${here}:user/nobody`, `${here}:role/nothing`, `${here}:user/path/Trusted`, `${here}:user/trusted`]
    for (const arn of absent) {
      const call = create('bad', { AssumeRolePolicyDocument: trusting([`${here}:user/Trusted`, arn]) })
      await expectRefusal(call, 'MalformedPolicyDocumentException', `Invalid principal in policy: "AWS":"${arn}"`)
    }
    const elsewhere = ['arn:aws:iam::999999999999:user/x', `${here}:root`, server.accountId, '*']
    await create('good', { AssumeRolePolicyDocument: trusting([`${here}:user/Trusted`, ...elsewhere]) })
  })

  it('LimitExceeded for a trust policy of more than 4096 characters; white space is not counted', async () => {
    const long = (Id: string) => JSON.stringify({ ...JSON.parse(trust), Id })
    const rest = long('').length
    await create('longest', { AssumeRolePolicyDocument: `${long('x'.repeat(4096 - rest))}${' '.repeat(5000)}` })
    const call = create('longer', { AssumeRolePolicyDocument: long('x'.repeat(4097 - rest)) })
    await expectRefusal(call, 'LimitExceededException', 'Cannot exceed quota for ACLSizePerRole: 4096')
  })

  it('InvalidInput for invalid tags, and for the path of service-linked roles', async () => {
    const tagged = (...keys: string[]) => create('tagged', { Tags: keys.map((Key) => ({ Key, Value: '' })) })
    const twice = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
    await expectRefusal(tagged('a', 'b', 'A'), 'InvalidInputException', twice)
    const reserved = 'The tag key aws:x is reserved: keys that begin with aws: cannot be set.'
    await expectRefusal(tagged('aws:x'), 'InvalidInputException', reserved)
    const path = 'The path /aws-service-role/ is reserved for service-linked roles.'
    await expectRefusal(create('mine', { Path: '/aws-service-role/x/' }), 'InvalidInputException', path)
  })

  it.each([
    [{ RoleName: 'a b' }, /roleName.*regular expression/],
    [{ RoleName: 'x'.repeat(65) }, /roleName.*less than or equal to 64/],
    [{ Path: 'a/' }, /path.*regular expression/],
    [{ Path: `/${'x'.repeat(511)}/` }, /path.*less than or equal to 512/],
    [{ MaxSessionDuration: 3599 }, /maxSessionDuration.*greater than or equal to 3600/],
    [{ MaxSessionDuration: 43_201 }, /maxSessionDuration.*less than or equal to 43200/],
    [{ Description: 'x'.repeat(1001) }, /description.*less than or equal to 1000/],
  ])('ValidationError for %o', async (input, message) => {
    await expectRefusal(create('invalid', input), 'ValidationError', message)
  })

  it('LimitExceeded for more than 1000 roles, and one more is accepted after a deletion', async () => {
    const url = await postgresUrl()
    const full = await startTestServer({ env: { DATABASE_URL: url } })
    const database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => {})
    const make = (RoleName: string) =>
      iamClient(full).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))
    try {
      await database.db.insertInto('iam_counts').values({ kind: 'role', entity_count: 997 }).execute()
      const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd', 'e', 'f'].map(make))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
      const message = 'Cannot exceed quota for RolesPerAccount: 1000'
      await expectRefusal(make('more'), 'LimitExceededException', message)
      const made = ['a', 'b', 'c', 'd', 'e', 'f'][outcomes.findIndex(({ status }) => status === 'fulfilled')]
      await iamClient(full).send(new DeleteRoleCommand({ RoleName: made }))
      await make('more')
    } finally {
      await database.close()
      await full.stop()
    }
  })

  it('refuses callers without permission, checked on the path of the new role', async () => {
    const input = { RoleName: 'forbidden', Path: '/p/', AssumeRolePolicyDocument: trust }
    const arn = `arn:aws:iam::${server.accountId}:role/p/forbidden`
    await expectDenied(server, (iam) => iam.send(new CreateRoleCommand(input)), 'iam:CreateRole', arn)
  })
})
