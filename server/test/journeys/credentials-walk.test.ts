// From a sign-in to credentials that open exactly what they should, with the AWS SDK's own credential providers: a guest, a
// user of a user pool, tags that open a folder of one's own, an end by time, and an end by revocation.
import {
  DescribeIdentityCommand,
  DescribeIdentityPoolCommand,
  GetIdCommand,
  ListIdentitiesCommand,
  SetIdentityPoolRolesCommand,
  SetPrincipalTagAttributeMapCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  CreateOpenIDConnectProviderCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import {
  fromCognitoIdentity,
  fromCognitoIdentityPool,
  fromTemporaryCredentials,
  fromWebToken,
} from '@aws-sdk/credential-providers'
import { beforeAll, describe, expect, it } from 'vitest'
import { signRequest } from '../../src/sigv4/sign.ts'
import { type Credentials, iamClient, identityClient, stsClient } from '../aws-clients.ts'
import { engines, expectRefusal, makeClient, makePool, makeUser, signIn, useTestServer } from '../harness.ts'
import { makeRole, policy, type Statement } from '../iam.ts'
import { makeIdentityPool } from '../identity.ts'

const HOUR = 60 * 60 * 1000

describe.each(engines)('from a sign-in to credentials on %s', (engine) => {
  const server = useTestServer({ engine })
  let iam: IAMClient
  let poolId: string
  let userPoolId: string
  let clientId: string
  let provider: string
  const clientConfig = () => ({ endpoint: server.url, region: server.region, maxAttempts: 1 })

  /** The trust policy that the console writes for a role of an identity pool. */
  const trust = (amr: string): Statement => ({
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': poolId },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': amr },
    },
  })

  beforeAll(async () => {
    iam = iamClient(server)
    const admin = identityClient(server)
    userPoolId = (await makePool(server)).Id
    clientId = (await makeClient(server, userPoolId)).ClientId
    provider = `cognito-idp.${server.region}.amazonaws.com/${userPoolId}`
    const pool = await makeIdentityPool(admin, {
      AllowClassicFlow: true,
      CognitoIdentityProviders: [{ ProviderName: provider, ClientId: clientId }],
    })
    poolId = pool.IdentityPoolId
    const guest = await makeRole(iam, 'Guest', trust('unauthenticated'), {
      Action: 'cognito-identity:DescribeIdentityPool',
    })
    const user = await makeRole(
      iam,
      'Signed-in',
      trust('authenticated'),
      { Action: 'cognito-idp:ListUsers' },
      {
        Action: 'execute-api:Invoke',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
        Resource: 'arn:aws:execute-api:*:*:files/live/*/folders/${aws:PrincipalTag/username}/*',
      },
    )
    await admin.send(
      new SetIdentityPoolRolesCommand({
        IdentityPoolId: poolId,
        Roles: { unauthenticated: guest, authenticated: user },
      }),
    )
    await admin.send(
      new SetPrincipalTagAttributeMapCommand({
        IdentityPoolId: poolId,
        IdentityProviderName: provider,
        UseDefaults: true,
      }),
    )
  })

  const idp = (credentials: Credentials) => new CognitoIdentityProviderClient({ ...clientConfig(), credentials })
  const signedIn = async (name: string) => {
    const sub = await makeUser(server, userPoolId, name)
    const { IdToken } = await signIn(server, clientId, name)
    const credentials = await fromCognitoIdentityPool({
      identityPoolId: poolId,
      logins: { [provider]: IdToken },
      clientConfig: clientConfig(),
    })()
    return { sub, IdToken, credentials }
  }

  it('a guest may do what the guest role allows, and nothing else', async () => {
    const credentials = await fromCognitoIdentityPool({ identityPoolId: poolId, clientConfig: clientConfig() })()
    expect(credentials.accessKeyId).toMatch(/^ASIA/)
    const caller = await stsClient(server, credentials).send(new GetCallerIdentityCommand({}))
    expect(caller.Arn).toBe(`arn:aws:sts::${server.accountId}:assumed-role/Guest/CognitoIdentityCredentials`)
    const asGuest = identityClient(server, credentials)
    const described = await asGuest.send(new DescribeIdentityPoolCommand({ IdentityPoolId: poolId }))
    expect(described.IdentityPoolId).toBe(poolId)
    await expectRefusal(
      asGuest.send(new ListIdentitiesCommand({ IdentityPoolId: poolId, MaxResults: 1 })),
      'AccessDeniedException',
      /^User: arn:aws:sts::\d{12}:assumed-role\/Guest\/CognitoIdentityCredentials is not authorized to perform: cognito-identity:ListIdentities on resource: .* because no session policy allows|because no identity-based policy allows/,
    )
  })

  it('a user exchanges the token of a sign-in, and is refused what the role does not allow', async () => {
    const { credentials } = await signedIn('ada')
    const { Users } = await idp(credentials).send(new ListUsersCommand({ UserPoolId: userPoolId }))
    expect(Users?.map(({ Username }) => Username)).toContain('ada')
    await expectRefusal(
      idp(credentials).send(new AdminGetUserCommand({ UserPoolId: userPoolId, Username: 'ada' })),
      'AccessDeniedException',
      `User: arn:aws:sts::${server.accountId}:assumed-role/Signed-in/CognitoIdentityCredentials is not authorized to perform: cognito-idp:AdminGetUser on resource: arn:aws:cognito-idp:${server.region}:${server.accountId}:userpool/${userPoolId} because no identity-based policy allows the cognito-idp:AdminGetUser action`,
    )
  })

  it('a guest who signs in keeps the identity', async () => {
    const app = identityClient(server, 'nobody')
    const { IdentityId = '' } = await app.send(new GetIdCommand({ IdentityPoolId: poolId }))
    await makeUser(server, userPoolId, 'grace')
    const { IdToken } = await signIn(server, clientId, 'grace')
    const credentials = await fromCognitoIdentity({
      identityId: IdentityId,
      logins: { [provider]: IdToken },
      clientConfig: clientConfig(),
    })()
    expect(credentials.identityId).toBe(IdentityId)
    const { Logins } = await identityClient(server).send(new DescribeIdentityCommand({ IdentityId }))
    expect(Logins).toEqual([provider])
  })

  it('a tag opens the folder of its user, and no other', async () => {
    const { sub, credentials } = await signedIn('linus')
    const folder = async (name: string, key: Credentials) => {
      const headers = signRequest(
        {
          method: 'GET',
          rawPath: `/folders/${name}/a.txt`,
          rawQuery: '',
          headers: [['host', 'files.example.com']],
          body: '',
        },
        key,
        { region: server.region, service: 'execute-api' },
        server.clock.now(),
      )
      const response = await fetch(`${server.url}/authorize`, {
        method: 'POST',
        body: JSON.stringify({
          action: 'execute-api:Invoke',
          resource: `arn:aws:execute-api:us-east-1:${server.accountId}:files/live/{method}/{path}`,
          method: 'GET',
          url: `https://files.example.com/folders/${name}/a.txt`,
          headers,
        }),
      })
      return (await response.json()) as { allowed: boolean; identity?: { identityId?: string } }
    }
    expect(await folder(sub, credentials)).toMatchObject({
      allowed: true,
      identity: { identityId: credentials.identityId, identityPoolId: poolId },
    })
    expect(await folder('somebody', credentials)).toMatchObject({ allowed: false })
    expect(await folder('*', credentials)).toMatchObject({ allowed: false })
  })

  it('the classic flow and a chain of roles end in the same kind of credentials', async () => {
    const provider = `${server.publicUrl.replace(/^https?:\/\//, '')}/${userPoolId}`
    const direct = await makeRole(
      iam,
      'Direct',
      {
        Principal: { Federated: `arn:aws:iam::${server.accountId}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
      },
      { Action: 'sts:AssumeRole' },
    )
    const RoleArn = await makeRole(iam, 'Chained', { Principal: { AWS: direct } }, { Action: 'cognito-idp:ListUsers' })
    await makeUser(server, userPoolId, 'edsger')
    const { IdToken } = await signIn(server, clientId, 'edsger')
    await expectRefusal(
      fromWebToken({
        roleArn: direct,
        webIdentityToken: IdToken,
        roleSessionName: 'web',
        clientConfig: clientConfig(),
      })(),
      'InvalidIdentityTokenException',
      /^No OpenIDConnect provider found in your account for /,
    )
    await iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: `${server.publicUrl.replace(/^http:/, 'https:')}/${userPoolId}`,
        ClientIDList: [clientId],
        ThumbprintList: ['0'.repeat(40)],
      }),
    )
    const web = await fromWebToken({
      roleArn: direct,
      webIdentityToken: IdToken,
      roleSessionName: 'web',
      clientConfig: clientConfig(),
    })()
    await expectRefusal(idp(web).send(new ListUsersCommand({ UserPoolId: userPoolId })), 'AccessDeniedException')
    const chained = await fromTemporaryCredentials({
      masterCredentials: web,
      params: { RoleArn, RoleSessionName: 'chain' },
      clientConfig: clientConfig(),
    })()
    const { Arn } = await stsClient(server, chained).send(new GetCallerIdentityCommand({}))
    expect(Arn).toBe(`arn:aws:sts::${server.accountId}:assumed-role/Chained/chain`)
    await idp(chained).send(new ListUsersCommand({ UserPoolId: userPoolId }))
  })

  it('credentials end when the role says that older sessions do, and when it is gone', async () => {
    const { credentials } = await signedIn('barbara')
    const list = (key: Credentials) => idp(key).send(new ListUsersCommand({ UserPoolId: userPoolId }))
    await list(credentials)
    server.clock.advance(2000)
    // What the console writes for "revoke active sessions".
    const revoke = new PutRolePolicyCommand({
      RoleName: 'Signed-in',
      PolicyName: 'AWSRevokeOlderSessions',
      PolicyDocument: policy({
        Effect: 'Deny',
        Action: '*',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': new Date(server.clock.now() - 1000).toISOString() } },
      }),
    })
    await iam.send(revoke)
    await expectRefusal(
      identityClient(server, credentials).send(new DescribeIdentityPoolCommand({ IdentityPoolId: poolId })),
      'AccessDeniedException',
      /with an explicit deny in an identity-based policy$/,
    )
    const fresh = await signedIn('barbara2')
    await idp(fresh.credentials).send(new ListUsersCommand({ UserPoolId: userPoolId }))
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'Signed-in', PolicyName: 'AWSRevokeOlderSessions' }))

    const temporary = await makeRole(iam, 'Temporary', trust('unauthenticated'), { Action: 'cognito-identity:*' })
    const admin = identityClient(server)
    const { IdentityPoolId } = await makeIdentityPool(admin)
    await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { unauthenticated: temporary } }))
    // Its trust policy names another pool.
    await expectRefusal(
      fromCognitoIdentityPool({ identityPoolId: IdentityPoolId, clientConfig: clientConfig() })(),
      'InvalidIdentityPoolConfigurationException',
      'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
    )
    const gone = await makeRole(
      iam,
      'Gone',
      {
        ...trust('unauthenticated'),
        Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': IdentityPoolId } },
      },
      { Action: 'cognito-identity:*' },
    )
    await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { unauthenticated: gone } }))
    const doomed = await fromCognitoIdentityPool({ identityPoolId: IdentityPoolId, clientConfig: clientConfig() })()
    const asDoomed = identityClient(server, doomed)
    await asDoomed.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'Gone', PolicyName: 'inline' }))
    await iam.send(new DeleteRoleCommand({ RoleName: 'Gone' }))
    await expectRefusal(
      asDoomed.send(new DescribeIdentityPoolCommand({ IdentityPoolId })),
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    )
  })

  it('credentials end after an hour', async () => {
    const { IdentityPoolId } = await makeIdentityPool(identityClient(server))
    const role = await makeRole(
      iam,
      'Hour',
      {
        ...trust('unauthenticated'),
        Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': IdentityPoolId } },
      },
      { Action: 'cognito-identity:*' },
    )
    const admin = identityClient(server)
    await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { unauthenticated: role } }))
    const credentials = await fromCognitoIdentityPool({
      identityPoolId: IdentityPoolId,
      clientConfig: clientConfig(),
    })()
    // The SDK would ask for new ones: the bare keys are used.
    const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials
    const caller = identityClient(server, { accessKeyId, secretAccessKey, sessionToken })
    expect(credentials.expiration?.getTime()).toBeGreaterThan(server.clock.now() + HOUR - 60_000)
    server.clock.advance(HOUR - 60_000)
    await caller.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))
    server.clock.advance(61_000)
    await expectRefusal(
      caller.send(new DescribeIdentityPoolCommand({ IdentityPoolId })),
      'ExpiredTokenException',
      'The security token included in the request is expired',
    )
  })
})
