// Who may call what, through the front door: keys of IAM users against operations of several services.
import {
  CreateIdentityPoolCommand,
  DeleteIdentityPoolCommand,
  DescribeIdentityPoolCommand,
  ListIdentityPoolsCommand,
  SetIdentityPoolRolesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand as CreateUserGroupCommand,
  CreateUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ListUserPoolsCommand,
  TagResourceCommand as TagUserPoolCommand,
  UntagResourceCommand as UntagUserPoolCommand,
  UpdateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  type IAMClient,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, iamClient, identityClient, stsClient } from '../../test/aws-clients.ts'
import { engines, expectRefusal, makePool, useTestServer } from '../../test/harness.ts'
import { makeIamUser, makeRole, policy, type Statement } from '../../test/iam.ts'
import { makeIdentityPool, poolArnOf } from '../../test/identity.ts'
import { signerOf } from '../../test/sessions.ts'

describe.each(engines)('authorization on %s', (engine) => {
  const server = useTestServer({ engine })
  let iam: IAMClient
  let users = 0
  beforeAll(() => {
    iam = iamClient(server)
  })
  const someone = async (...statements: Statement[]): Promise<{ name: string; arn: string; key: Credentials }> => {
    const name = `user-${++users}`
    const key = await makeIamUser(iam, name, ...statements)
    return { name, key, arn: `arn:aws:iam::${server.accountId}:user/${name}` }
  }
  const idp = (credentials: Credentials): CognitoIdentityProviderClient => {
    const { url: endpoint, region } = server
    return new CognitoIdentityProviderClient({ endpoint, region, credentials, maxAttempts: 1 })
  }

  it('denies everything without a policy', async () => {
    const { key, arn } = await someone()
    await expectRefusal(
      identityClient(server, key).send(new ListIdentityPoolsCommand({ MaxResults: 1 })),
      'AccessDeniedException',
      `User: ${arn} is not authorized to perform: cognito-identity:ListIdentityPools on resource: * because no identity-based policy allows the cognito-identity:ListIdentityPools action`,
    )
    await expectRefusal(
      idp(key).send(new ListUserPoolsCommand({ MaxResults: 1 })),
      'AccessDeniedException',
      `User: ${arn} is not authorized to perform: cognito-idp:ListUserPools on resource: * because no identity-based policy allows the cognito-idp:ListUserPools action`,
    )
    await expectRefusal(
      iamClient(server, key).send(new ListUsersCommand({})),
      'AccessDenied',
      /is not authorized to perform: iam:ListUsers on resource/,
    )
  })

  it('decides by action and resource', async () => {
    const client = identityClient(server)
    const [mine, theirs] = [await makeIdentityPool(client), await makeIdentityPool(client)]
    const { key, arn } = await someone({
      Action: 'cognito-identity:Describe*',
      Resource: poolArnOf(server, mine.IdentityPoolId),
    })
    const caller = identityClient(server, key)
    const describePool = ({ IdentityPoolId }: { IdentityPoolId: string }) =>
      caller.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))
    expect((await describePool(mine)).IdentityPoolName).toBe('test')
    await expectRefusal(
      describePool(theirs),
      'AccessDeniedException',
      `User: ${arn} is not authorized to perform: cognito-identity:DescribeIdentityPool on resource: ${poolArnOf(server, theirs.IdentityPoolId)} because no identity-based policy allows the cognito-identity:DescribeIdentityPool action`,
    )
    await expectRefusal(
      caller.send(new DeleteIdentityPoolCommand({ IdentityPoolId: mine.IdentityPoolId })),
      'AccessDeniedException',
      /cognito-identity:DeleteIdentityPool on resource/,
    )
  })

  it('lets an explicit Deny override, and names the type of its policy', async () => {
    const pool = await makePool(server)
    const { key, arn } = await someone(
      { Action: 'cognito-idp:*' },
      { Effect: 'Deny', Action: 'cognito-idp:DescribeUserPool', Resource: pool.Arn as string },
    )
    await expectRefusal(
      idp(key).send(new DescribeUserPoolCommand({ UserPoolId: pool.Id })),
      'AccessDeniedException',
      `User: ${arn} is not authorized to perform: cognito-idp:DescribeUserPool on resource: ${pool.Arn} with an explicit deny in an identity-based policy`,
    )
    await expectRefusal(
      idp(key).send(new AdminGetUserCommand({ UserPoolId: pool.Id, Username: 'nobody' })),
      'UserNotFoundException',
    )
  })

  it('evaluates tags of resources and requests', async () => {
    const { key } = await someone(
      { Action: 'cognito-idp:DescribeUserPool', Condition: { StringEquals: { 'aws:ResourceTag/team': 'blue' } } },
      {
        Action: 'cognito-idp:CreateUserPool',
        Condition: {
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
          StringEquals: { 'aws:RequestTag/team': 'blue' },
        },
      },
      { Action: 'cognito-identity:TagResource', Condition: { StringLike: { 'aws:RequestTag/team': 'b*' } } },
    )
    const create = (tags: Record<string, string>) =>
      idp(key).send(new CreateUserPoolCommand({ PoolName: 'x', UserPoolTags: tags }))
    const { UserPool } = await create({ team: 'blue' })
    await expectRefusal(create({ team: 'red' }), 'AccessDeniedException')
    await expectRefusal(create({ team: 'blue', other: 'x' }), 'AccessDeniedException')
    expect((await idp(key).send(new DescribeUserPoolCommand({ UserPoolId: UserPool?.Id }))).UserPool?.Id).toBe(
      UserPool?.Id,
    )
    const { Id } = await makePool(server, { UserPoolTags: { team: 'red' } })
    await expectRefusal(idp(key).send(new DescribeUserPoolCommand({ UserPoolId: Id })), 'AccessDeniedException')
    const { IdentityPoolId } = await makeIdentityPool(identityClient(server))
    const tag = (team: string) =>
      identityClient(server, key).send(
        new TagResourceCommand({ ResourceArn: poolArnOf(server, IdentityPoolId), Tags: { team } }),
      )
    await tag('blue')
    await expectRefusal(tag('red'), 'AccessDeniedException')
  })

  it('evaluates the tags of a pool that is named by its ARN', async () => {
    const { key } = await someone(
      { Action: ['cognito-idp:*', 'cognito-identity:*'] },
      { Effect: 'Deny', Action: '*', Condition: { StringEquals: { 'aws:ResourceTag/locked': 'yes' } } },
    )
    const made = await makePool(server, { UserPoolTags: { locked: 'yes' } })
    const { IdentityPoolId } = await makeIdentityPool(identityClient(server), { IdentityPoolTags: { locked: 'yes' } })
    const identityPool = { ResourceArn: poolArnOf(server, IdentityPoolId), TagKeys: ['locked'] }
    const refused = (call: Promise<unknown>) =>
      expectRefusal(call, 'AccessDeniedException', /with an explicit deny in an identity-based policy$/)
    await refused(identityClient(server, key).send(new UntagResourceCommand(identityPool)))
    const userPool = { ResourceArn: made.Arn as string, TagKeys: ['locked'] }
    await refused(idp(key).send(new UntagUserPoolCommand(userPool)))
    await server.admin.send(new UntagUserPoolCommand(userPool))
    await idp(key).send(new UntagUserPoolCommand(userPool))
    await identityClient(server).send(new UntagResourceCommand(identityPool))
    await identityClient(server, key).send(new UntagResourceCommand(identityPool))
  })

  it('does not let a tag hide another whose key differs in case alone', async () => {
    const { Id: UserPoolId, Arn } = await makePool(server, { UserPoolTags: { team: 'red' } })
    const { key } = await someone(
      { Action: 'cognito-idp:*', Condition: { StringEquals: { 'aws:ResourceTag/team': 'blue' } } },
      { Action: ['cognito-idp:TagResource', 'cognito-idp:CreateUserPool'] },
      {
        Effect: 'Deny',
        Action: 'cognito-idp:TagResource',
        Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } },
      },
      {
        Effect: 'Deny',
        Action: 'cognito-idp:CreateUserPool',
        Condition: { StringNotEquals: { 'aws:RequestTag/team': 'red' } },
      },
    )
    const tag = (Tags: Record<string, string>) =>
      idp(key).send(new TagUserPoolCommand({ ResourceArn: Arn as string, Tags }))
    await expectRefusal(tag({ team: 'blue' }), 'AccessDeniedException')
    await tag({ TEAM: 'blue' })
    await expectRefusal(idp(key).send(new DescribeUserPoolCommand({ UserPoolId })), 'AccessDeniedException')
    const create = (UserPoolTags: Record<string, string>) =>
      idp(key).send(new CreateUserPoolCommand({ PoolName: 'x', UserPoolTags }))
    await expectRefusal(create({ team: 'blue', Team: 'red' }), 'AccessDeniedException')
    await create({ team: 'red', Team: 'blue' })
  })

  it('denies callers without permission before it says that a resource is unknown', async () => {
    const { key } = await someone()
    const missing = `${server.region}:11111111-1111-4111-8111-111111111111`
    await expectRefusal(
      identityClient(server, key).send(new DescribeIdentityPoolCommand({ IdentityPoolId: missing })),
      'AccessDeniedException',
    )
    const UserPoolId = `${server.region}_missing12`
    await expectRefusal(idp(key).send(new DescribeUserPoolCommand({ UserPoolId })), 'AccessDeniedException')
    const { Id } = await makePool(server)
    await expectRefusal(
      idp(key).send(new DescribeUserPoolClientCommand({ UserPoolId: Id, ClientId: 'missing' })),
      'AccessDeniedException',
    )
    const may = await someone({ Action: 'cognito-idp:*' })
    await expectRefusal(
      idp(may.key).send(new DescribeUserPoolClientCommand({ UserPoolId: Id, ClientId: 'missing' })),
      'ResourceNotFoundException',
    )
  })

  it('evaluates policies of groups and managed policies, within the boundary', async () => {
    const { name, key } = await someone()
    const list = () => idp(key).send(new ListUserPoolsCommand({ MaxResults: 1 }))
    const managed = async (suffix: string, statement: Statement): Promise<string> => {
      const created = new CreatePolicyCommand({ PolicyName: `${name}-${suffix}`, PolicyDocument: policy(statement) })
      return (await iam.send(created)).Policy?.Arn as string
    }
    await iam.send(new CreateGroupCommand({ GroupName: `${name}-group` }))
    await iam.send(
      new PutGroupPolicyCommand({
        GroupName: `${name}-group`,
        PolicyName: 'p',
        PolicyDocument: policy({ Action: 'cognito-idp:ListUserPools' }),
      }),
    )
    await expectRefusal(list(), 'AccessDeniedException')
    await iam.send(new AddUserToGroupCommand({ GroupName: `${name}-group`, UserName: name }))
    await list()

    const boundary = await managed('boundary', { Action: 'cognito-identity:*' })
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary: boundary }))
    await expectRefusal(
      list(),
      'AccessDeniedException',
      /because no permissions boundary allows the cognito-idp:ListUserPools action$/,
    )
    const listIdentityPools = () => identityClient(server, key).send(new ListIdentityPoolsCommand({ MaxResults: 1 }))
    await expectRefusal(listIdentityPools(), 'AccessDeniedException', /because no identity-based policy allows/)
    const attached = await managed('attached', { Action: '*' })
    await iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: attached }))
    await listIdentityPools()
    await expectRefusal(list(), 'AccessDeniedException', /because no permissions boundary allows/)
  })

  it('applies the removal of a policy or key at once', async () => {
    const { name, key } = await someone({ Action: 'cognito-idp:ListUserPools' })
    const list = () => idp(key).send(new ListUserPoolsCommand({ MaxResults: 1 }))
    await list()
    await iam.send(new DeleteUserPolicyCommand({ UserName: name, PolicyName: 'inline' }))
    await expectRefusal(list(), 'AccessDeniedException')
    await iam.send(
      new PutUserPolicyCommand({
        UserName: name,
        PolicyName: 'again',
        PolicyDocument: policy({ Action: 'cognito-idp:*' }),
      }),
    )
    await list()
    await iam.send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId: key.accessKeyId, Status: 'Inactive' }))
    await expectRefusal(list(), 'UnrecognizedClientException', 'The security token included in the request is invalid.')
    await iam.send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId: key.accessKeyId, Status: 'Active' }))
    await list()
  })

  it('requires iam:PassRole to set a role of an identity pool', async () => {
    const role = await makeRole(iam, `passed-${engine}`, { Principal: { AWS: server.accountId } })
    const { IdentityPoolId } = await makeIdentityPool(identityClient(server))
    const set = (key: Credentials) =>
      identityClient(server, key).send(
        new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { authenticated: role } }),
      )
    const without = await someone({ Action: 'cognito-identity:*' })
    await expectRefusal(
      set(without.key),
      'AccessDeniedException',
      `User: ${without.arn} is not authorized to perform: iam:PassRole on resource: ${role} because no identity-based policy allows the iam:PassRole action`,
    )
    const withIt = await someone(
      { Action: 'cognito-identity:*' },
      {
        Action: 'iam:PassRole',
        Resource: role,
        Condition: { StringEquals: { 'iam:PassedToService': 'cognito-identity.amazonaws.com' } },
      },
    )
    await set(withIt.key)
    // The same with a session of the user, although it may call nothing of IAM.
    const sts = stsClient(server, withIt.key)
    const { Credentials: session } = await sts.send(new GetSessionTokenCommand({}))
    await set(signerOf(session))
  })

  it('requires iam:PassRole to set the role of a group of users', async () => {
    const { Id: UserPoolId } = await makePool(server)
    const role = `arn:aws:iam::${server.accountId}:role/Users`
    const { key, arn } = await someone({ Action: 'cognito-idp:*' })
    const text = `User: ${arn} is not authorized to perform: iam:PassRole on resource: ${role} because no identity-based policy allows the iam:PassRole action`
    const group = { UserPoolId, GroupName: 'users' }
    await expectRefusal(
      idp(key).send(new CreateUserGroupCommand({ ...group, RoleArn: role })),
      'AccessDeniedException',
      text,
    )
    await idp(key).send(new CreateUserGroupCommand(group))
    await expectRefusal(
      idp(key).send(new UpdateGroupCommand({ ...group, RoleArn: role })),
      'AccessDeniedException',
      text,
    )
    await server.admin.send(new UpdateGroupCommand({ ...group, RoleArn: role }))
  })

  it('resolves policy variables of the caller', async () => {
    const { name, key } = await someone({
      Action: ['iam:GetUser', 'iam:CreateUser'],
      Resource: `arn:aws:iam::${server.accountId}:user/\${aws:username}`,
    })
    const caller = iamClient(server, key)
    expect((await caller.send(new GetUserCommand({ UserName: name }))).User?.UserName).toBe(name)
    await expectRefusal(caller.send(new GetUserCommand({ UserName: 'user-1' })), 'AccessDenied')
    await expectRefusal(caller.send(new CreateUserCommand({ UserName: 'other' })), 'AccessDenied')
  })

  it('allows the administrator everything', async () => {
    const { $metadata } = await identityClient(server).send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'x', AllowUnauthenticatedIdentities: false }),
    )
    expect($metadata.httpStatusCode).toBe(200)
  })
})
