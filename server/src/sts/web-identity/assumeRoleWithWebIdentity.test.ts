import { GetOpenIdTokenCommand } from '@aws-sdk/client-cognito-identity'
import { CreateOpenIDConnectProviderCommand, DeleteOpenIDConnectProviderCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, makeClient, makePool, makeUser, signIn, useTestServer } from '../../../test/harness.ts'
import { makeRole } from '../../../test/iam.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { assumerWithToken, NO_JWT } from '../../../test/web-identity.ts'

describe('AssumeRoleWithWebIdentity', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)
  const assume = assumerWithToken(server)

  describe('with the token of a user pool', () => {
    let idToken: string
    let accessToken: string
    let clientId: string
    let userPoolId: string
    let sub: string

    beforeAll(async () => {
      userPoolId = (await makePool(server)).Id
      clientId = (await makeClient(server, userPoolId)).ClientId
      sub = await makeUser(server, userPoolId, 'ada', { email: 'ada@example.org' })
      const tokens = await signIn(server, clientId, 'ada')
      idToken = tokens.IdToken
      accessToken = tokens.AccessToken
    })

    it.each([
      ['its own address', () => `${server.publicUrl}/${userPoolId}`],
      ['its name at the service', () => `https://cognito-idp.${server.region}.amazonaws.com/${userPoolId}`],
    ])('needs a provider in IAM, by %s', async (_title, urlOf) => {
      const Url = urlOf()
      const name = Url.replace(/^https?:\/\//, '')
      const Federated = `arn:aws:iam::${server.accountId}:oidc-provider/${name}`
      const trust = {
        Principal: { Federated },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${name}:aud`]: clientId, [`${name}:sub`]: sub } },
      }
      const role = await makeRole(world.iam, `OfUserPool${name.length}`, trust)
      const missing = `No OpenIDConnect provider found in your account for ${server.publicUrl}/${userPoolId}`
      await expectRefusal(assume(role, idToken), 'InvalidIdentityTokenException', missing)
      await world.iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['another', clientId] }))
      const answer = await assume(role, idToken)
      expect(answer).toMatchObject({ SubjectFromWebIdentityToken: sub, Provider: Federated, Audience: clientId })
      await expectRefusal(assume(role, accessToken), 'InvalidIdentityTokenException', NO_JWT)
      await world.iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: Federated }))
      await expectRefusal(assume(role, idToken), 'InvalidIdentityTokenException', missing)
    })
  })

  it.each([
    ['no ARN', { RoleArn: 'nothing-valid-in-here' }, 'nothing-valid-in-here is invalid'],
    ['an incomplete ARN', { RoleArn: 'arn:aws:iam::role/Plain' }, 'arn:aws:iam::role/Plain is invalid'],
    ['the ARN of a user', { RoleArn: 'arn:aws:iam::123456789012:user/ada' }, 'Request ARN is invalid'],
    [
      'a session name with a colon',
      { RoleSessionName: 'Session1:2' },
      "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    ['too short a time', { DurationSeconds: 100 }, /greater than or equal to 900$/],
    ['a policy that is too long', { Policy: ' '.repeat(2049) }, /less than or equal to 2048$/],
    [
      'more time than the role allows',
      { DurationSeconds: 3601 },
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
    [
      'a managed policy that is not there',
      { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/NoSuchPolicy' }] },
      'Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.',
    ],
  ])('ValidationError for %s', async (_title, input, text) => {
    const IdentityId = await world.getId()
    const { Token } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId }))
    const call = assume(world.roles.unauthenticated, Token as string, input)
    await expectRefusal(call, 'ValidationError', text)
  })

  it('a token that breaks a constraint is not repeated in the message', async () => {
    const secret = 'x'.repeat(20_001)
    const message =
      "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: Member must have length less than or equal to 20000"
    await expectRefusal(assume(world.roles.unauthenticated, secret), 'ValidationError', message)
  })

  it('MalformedPolicyDocument for an invalid policy', async () => {
    const call = assume(world.roles.unauthenticated, 'any-token', { Policy: 'x' })
    await expectRefusal(call, 'MalformedPolicyDocumentException', 'This policy contains invalid Json')
  })
})
