import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider'
import {
  CreateSAMLProviderCommand,
  GetSAMLProviderCommand,
  type IAMClient,
  UpdateRoleCommand,
  UpdateSAMLProviderCommand,
  type UpdateSAMLProviderCommandInput,
} from '@aws-sdk/client-iam'
import { AssumeRoleWithSAMLCommand, type AssumeRoleWithSAMLCommandInput } from '@aws-sdk/client-sts'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { iamClient, stsClient } from '../../../test/aws-clients.ts'
import { makeCertificate } from '../../../test/certificate.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeRole, policy, type Statement } from '../../../test/iam.ts'
import { encryptedAssertion } from '../../../test/saml-encryption.ts'
import {
  assertion,
  at,
  attribute,
  base64,
  conditions,
  confirmation,
  ENTITY_ID,
  metadata,
  NOW,
  nameId,
  type ResponseParts,
  response,
  signed,
} from '../../../test/saml-provider.ts'
import { expiryOf, identityOf, poolsClient, signerOf } from '../../../test/sessions.ts'

const AWS = 'https://signin.aws.amazon.com/saml'
const ATTRIBUTES = 'https://aws.amazon.com/SAML/Attributes/'
const NOT_ALLOWED = ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithSAML'] as const
const INVALID = 'InvalidIdentityTokenException'
const TOO_LATE = ['ExpiredTokenException', 'Token must be redeemed within 5 minutes of issuance'] as const

describe('AssumeRoleWithSAML', () => {
  const server = useTestServer()
  let iam: IAMClient
  let provider: string
  let role: string
  const roleArn = (name: string) => `arn:aws:iam::${server.accountId}:role/${name}`

  beforeAll(async () => {
    // The responses are issued at that time.
    server.clock.advance(NOW - server.clock.now())
    iam = iamClient(server)
    const created = await iam.send(
      new CreateSAMLProviderCommand({ Name: 'MySAMLIdP', SAMLMetadataDocument: metadata() }),
    )
    provider = created.SAMLProviderArn as string
    role = await makeRole(iam, 'Staff', trust(), { Action: 'cognito-idp:ListUserPools' })
  })
  afterEach(() => server.clock.advance(NOW - server.clock.now()))

  const trust = (Condition?: Statement['Condition'], ...more: string[]): Statement => ({
    Principal: { Federated: provider },
    Action: ['sts:AssumeRoleWithSAML', ...more],
    ...(Condition && { Condition }),
  })
  const audience = (name: string) =>
    conditions(`<saml:AudienceRestriction><saml:Audience>${name}</saml:Audience></saml:AudienceRestriction>`)
  const wanted = (...more: string[]) =>
    [
      attribute(`${ATTRIBUTES}Role`, `${role},${provider}`),
      attribute(`${ATTRIBUTES}RoleSessionName`, 'ada@example.com'),
      ...more,
    ].join('')

  async function assertionOf(parts: ResponseParts = {}): Promise<string> {
    const xml = response({
      destination: AWS,
      confirmation: confirmation({ recipient: ` Recipient="${AWS}"` }),
      conditions: audience('urn:amazon:webservices'),
      attributes: wanted(),
      ...parts,
    })
    return base64(await signed(xml, '_assertion'))
  }
  const send = (SAMLAssertion: string, input: Partial<AssumeRoleWithSAMLCommandInput> = {}) =>
    stsClient(server, 'nobody').send(
      new AssumeRoleWithSAMLCommand({ RoleArn: role, PrincipalArn: provider, SAMLAssertion, ...input }),
    )
  const assume = async (parts?: ResponseParts, input?: Partial<AssumeRoleWithSAMLCommandInput>) =>
    send(await assertionOf(parts), input)
  const pools = (answer: Awaited<ReturnType<typeof send>>) =>
    poolsClient(server, signerOf(answer.Credentials)).send(new ListUserPoolsCommand({ MaxResults: 1 }))
  const secondsOf = (answer: Awaited<ReturnType<typeof send>>) =>
    Math.round((expiryOf(answer.Credentials) - server.clock.now()) / 1000 / 10) * 10

  it('gives credentials, and returns subject and issuer of the assertion', async () => {
    const { $metadata, Credentials, AssumedRoleUser, ...answer } = await assume()
    expect(answer).toEqual({
      Subject: 'ada',
      SubjectType: 'persistent',
      Issuer: ENTITY_ID,
      Audience: AWS,
      NameQualifier: createHash('sha1').update(`${ENTITY_ID}${server.accountId}/MySAMLIdP`).digest('base64'),
    })
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${server.accountId}:assumed-role/Staff/ada@example.com`)
    const signer = signerOf(Credentials)
    expect(await identityOf(server, signer)).toMatchObject({ Arn: AssumedRoleUser?.Arn })
    await poolsClient(server, signer).send(new ListUserPoolsCommand({ MaxResults: 1 }))
  })

  it.each([
    ['the address of this server', () => `${server.publicUrl}/saml`],
    ['the region', () => `https://${server.region}.signin.aws.amazon.com/saml`],
  ])('takes responses to %s', async (_title, recipientOf) => {
    const recipient = recipientOf()
    const parts = {
      destination: recipient,
      confirmation: confirmation({ recipient: ` Recipient="${recipient}"` }),
      conditions: audience(recipient),
    }
    expect((await assume(parts)).Audience).toBe(recipient)
  })

  it('accepts the pair of ARNs in either order, among others', async () => {
    const pairs = [`${roleArn('Other')},${provider}`, `${provider} , ${role}`]
    const attributes = attribute(`${ATTRIBUTES}Role`, ...pairs) + attribute(`${ATTRIBUTES}RoleSessionName`, 'ada')
    await assume({ attributes })
  })

  it.each([
    ['urn:oasis:names:tc:SAML:2.0:nameid-format:transient', 'transient'],
    [
      'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
      'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    ],
  ])('the type of the subject: %s', async (format, type) => {
    expect((await assume({ nameId: nameId('ada', ` Format="${format}"`) })).SubjectType).toBe(type)
  })

  describe('time', () => {
    const session = (seconds: number) =>
      `<saml:AuthnStatement AuthnInstant="${at(-1)}" SessionNotOnOrAfter="${at(seconds)}"/>`

    it.each([
      ['an hour when nothing is said', {}, {}, 3600],
      ['what the request says', {}, { DurationSeconds: 7200 }, 7200],
      ['what the assertion says', { attributes: 'SessionDuration' }, {}, 5400],
      ['the request before the assertion', { attributes: 'SessionDuration' }, { DurationSeconds: 900 }, 900],
      ['never longer than at the identity provider', { authnStatement: session(1800) }, {}, 1800],
      ['not even 15 minutes then', { authnStatement: session(60) }, { DurationSeconds: 900 }, 60],
    ])('lasts %s', async (_title, parts: ResponseParts, input, seconds) => {
      await iam.send(new UpdateRoleCommand({ RoleName: 'Staff', MaxSessionDuration: 7200 }))
      const attributes = parts.attributes && wanted(attribute(`${ATTRIBUTES}SessionDuration`, '5400'))
      expect(secondsOf(await assume({ ...parts, ...(attributes && { attributes }) }, input))).toBe(seconds)
    })

    it('ValidationError for more than the role allows', async () => {
      const text = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'
      const asked = { attributes: wanted(attribute(`${ATTRIBUTES}SessionDuration`, '43200')) }
      await expectRefusal(assume(asked), 'ValidationError', text)
      await expectRefusal(assume({}, { DurationSeconds: 43_200 }), 'ValidationError', text)
    })

    it('a response is valid for five minutes', async () => {
      const long = {
        confirmation: confirmation({ recipient: ` Recipient="${AWS}"`, notOnOrAfter: ` NotOnOrAfter="${at(7200)}"` }),
        conditions: `<saml:Conditions NotOnOrAfter="${at(7200)}"><saml:AudienceRestriction><saml:Audience>${AWS}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
      }
      const assertion = await assertionOf(long)
      server.clock.advance(NOW + 290_000 - server.clock.now())
      await send(assertion)
      server.clock.advance(20_000)
      await expectRefusal(send(assertion), ...TOO_LATE)
    })

    it('and until its NotOnOrAfter', async () => {
      const short = confirmation({ recipient: ` Recipient="${AWS}"`, notOnOrAfter: ` NotOnOrAfter="${at(10)}"` })
      const assertion = await assertionOf({ confirmation: short })
      await send(assertion)
      server.clock.advance(100_000)
      await expectRefusal(send(assertion), ...TOO_LATE)
    })
  })

  it('attributes are condition keys of the trust policy', async () => {
    const StringEquals = {
      'saml:aud': AWS,
      'saml:iss': ENTITY_ID,
      'saml:doc': `${server.accountId}/MySAMLIdP`,
      'saml:sub': 'ada',
      'saml:sub_type': 'persistent',
      'sts:RoleSessionName': 'ada@example.com',
    }
    const affiliation = { 'ForAnyValue:StringEquals': { 'saml:eduPersonAffiliation': 'staff' } }
    const choosy = await makeRole(iam, 'Choosy', trust({ StringEquals, ...affiliation }))
    const attributes = (...values: string[]) =>
      wanted(attribute('urn:oid:1.3.6.1.4.1.5923.1.1.1.1', ...values)).replaceAll(role, choosy)
    await assume({ attributes: attributes('member', 'staff') }, { RoleArn: choosy })
    await expectRefusal(assume({ attributes: attributes('member') }, { RoleArn: choosy }), ...NOT_ALLOWED)
  })

  it('the subject is a condition key of the whole session', async () => {
    const who = (sub: string): Statement => ({
      Action: 'cognito-idp:ListUserPools',
      Condition: { StringEquals: { 'saml:sub': sub, 'aws:FederatedProvider': provider } },
    })
    const mine = await makeRole(iam, 'Mine', trust(), who('ada'))
    const foreign = await makeRole(iam, 'Foreign', trust(), who('bea'))
    const forRole = (arn: string) => assume({ attributes: wanted().replaceAll(role, arn) }, { RoleArn: arn })
    await pools(await forRole(mine))
    await expectRefusal(pools(await forRole(foreign)), 'AccessDeniedException')
  })

  it('tags and the source identity come from attributes, where the role allows them', async () => {
    const more = [
      attribute(`${ATTRIBUTES}PrincipalTag:Team`, 'blue'),
      attribute(`${ATTRIBUTES}PrincipalTag:Unit`, 'x'),
      attribute(`${ATTRIBUTES}TransitiveTagKeys`, 'Team', 'Unit'),
      attribute(`${ATTRIBUTES}SourceIdentity`, 'ada'),
    ]
    await expectRefusal(
      assume({ attributes: wanted(...more) }),
      'AccessDenied',
      'Not authorized to perform sts:TagSession',
    )
    const source = 'Not authorized to perform sts:SetSourceIdentity'
    await expectRefusal(assume({ attributes: wanted(more[3] as string) }), 'AccessDenied', source)
    const blue: Statement = {
      Action: 'cognito-idp:ListUserPools',
      Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'blue', 'aws:SourceIdentity': 'ada' } },
    }
    const tagged = await makeRole(iam, 'Tagged', trust(undefined, 'sts:TagSession', 'sts:SetSourceIdentity'), blue)
    const answer = await assume({ attributes: wanted(...more).replaceAll(role, tagged) }, { RoleArn: tagged })
    expect(answer.SourceIdentity).toBe('ada')
    expect(answer.PackedPolicySize).toBeGreaterThan(0)
    await pools(answer)
  })

  it('session policies bound it', async () => {
    const answer = await assume({}, { Policy: policy({ Action: 'iam:GetUser' }) })
    await expectRefusal(pools(answer), 'AccessDeniedException', /no session policy allows/)
    const text = 'This policy contains invalid Json'
    await expectRefusal(assume({}, { Policy: 'x' }), 'MalformedPolicyDocumentException', text)
  })

  it('AccessDenied for a role that the assertion does not grant, that refuses, or is unknown', async () => {
    const other = await makeRole(iam, 'Unnamed', trust())
    await expectRefusal(assume({}, { RoleArn: other }), ...NOT_ALLOWED)
    const named = (arn: string) => ({ attributes: wanted().replaceAll(role, arn) })
    const refusing = await makeRole(iam, 'Refusing', trust({ StringEquals: { 'saml:sub': 'bea' } }))
    await expectRefusal(assume(named(refusing), { RoleArn: refusing }), ...NOT_ALLOWED)
    const missing = roleArn('Missing')
    await expectRefusal(assume(named(missing), { RoleArn: missing }), ...NOT_ALLOWED)
    const another = await iam.send(new CreateSAMLProviderCommand({ Name: 'Another', SAMLMetadataDocument: metadata() }))
    // The same identity provider by another name: the assertion names the pair.
    await expectRefusal(assume({}, { PrincipalArn: another.SAMLProviderArn }), ...NOT_ALLOWED)
  })

  it.each([
    ['no attributes of ours', { attributes: attribute('mail', 'a@b.example') }, ...NOT_ALLOWED],
    ['another issuer', { issuer: 'https://evil.example' }, INVALID, 'Issuer not present in specified provider'],
    [
      'another audience',
      { conditions: audience('urn:other') },
      INVALID,
      'Response does not contain the required audience.',
    ],
    [
      'another recipient',
      { confirmation: confirmation({ recipient: ' Recipient="https://sp.example.com/acs"' }) },
      INVALID,
      'Response does not contain the required audience.',
    ],
    [
      'another destination of the response',
      { destination: 'https://sp.example.com/acs' },
      INVALID,
      'Response does not contain the required audience.',
    ],
    [
      'another issuer of the response',
      { responseIssuer: '<saml:Issuer>https://evil.example</saml:Issuer>' },
      INVALID,
      'Issuer not present in specified provider',
    ],
    [
      'a status that is no success',
      { status: 'urn:oasis:names:tc:SAML:2.0:status:Requester' },
      INVALID,
      'Invalid SAML response',
    ],
  ])('%s', async (_title, parts, name, text) => {
    await expectRefusal(assume(parts), name, text)
  })

  it.each([
    ['no session name', [], 'RoleSessionName is required in AuthnResponse'],
    [
      'a session name with blanks',
      [attribute(`${ATTRIBUTES}RoleSessionName`, 'a b')],
      'RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
    ],
    [
      'a source identity with blanks',
      [attribute(`${ATTRIBUTES}RoleSessionName`, 'ada'), attribute(`${ATTRIBUTES}SourceIdentity`, 'a b')],
      'Source Identity in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
    ],
    [
      'a time out of range',
      [attribute(`${ATTRIBUTES}RoleSessionName`, 'ada'), attribute(`${ATTRIBUTES}SessionDuration`, '60')],
      'SessionDuration in AuthnResponse must be a number of seconds from 900 to 43200',
    ],
    [
      'a time that is no number',
      [attribute(`${ATTRIBUTES}RoleSessionName`, 'ada'), attribute(`${ATTRIBUTES}SessionDuration`, 'long')],
      'SessionDuration in AuthnResponse must be a number of seconds from 900 to 43200',
    ],
    [
      'a tag of two values',
      [attribute(`${ATTRIBUTES}RoleSessionName`, 'ada'), attribute(`${ATTRIBUTES}PrincipalTag:Team`, 'a', 'b')],
      'PrincipalTag in AuthnResponse must have one value, and keys and values as session tags have them',
    ],
  ])('InvalidIdentityToken for %s', async (_title, more, text) => {
    const attributes = [attribute(`${ATTRIBUTES}Role`, `${role},${provider}`), ...more].join('')
    await expectRefusal(assume({ attributes }), INVALID, text)
  })

  it('InvalidIdentityToken for a response that is not signed by the provider', async () => {
    const text = 'Response signature invalid'
    const xml = response({
      destination: AWS,
      confirmation: confirmation({ recipient: ` Recipient="${AWS}"` }),
      conditions: audience(AWS),
      attributes: wanted(),
    })
    await expectRefusal(send(base64(xml)), INVALID, text)
    const { privateKey: key } = makeCertificate()
    await expectRefusal(send(base64(await signed(xml, '_assertion', { key }))), INVALID, text)
    const good = await signed(xml, '_assertion')
    await expectRefusal(send(base64(good.replaceAll('ada@example.com', 'root@example'))), INVALID, text)
  })

  it('InvalidIdentityToken for text that is not a response', async () => {
    await expectRefusal(send('%%%%'), INVALID, 'Invalid base64 SAMLResponse')
    await expectRefusal(send(base64('no xml')), INVALID, 'Invalid base64 SAMLResponse')
    await expectRefusal(send(base64('<a/>')), INVALID, 'Invalid SAML response')
    await expectRefusal(send(base64('<!DOCTYPE a><a/>')), INVALID, 'Invalid base64 SAMLResponse')
  })

  it('reads encrypted assertions by either of two private keys', async () => {
    const keys = [makeCertificate().privateKey, makeCertificate().privateKey] as const
    const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }).toString()
    const encrypted = async (key: KeyObject, by: 'assertion' | 'response' = 'assertion') => {
      const plain = await signed(
        assertion({
          confirmation: confirmation({ recipient: ` Recipient="${AWS}"` }),
          conditions: audience('urn:amazon:webservices'),
          attributes: wanted(),
        }),
        '_assertion',
      )
      const whole = response({ destination: AWS, assertion: encryptedAssertion(plain, createPublicKey(key)) })
      return base64(by === 'assertion' ? whole : await signed(whole, '_response'))
    }
    const update = (input: Partial<UpdateSAMLProviderCommandInput>) =>
      iam.send(new UpdateSAMLProviderCommand({ SAMLProviderArn: provider, ...input }))
    const without = 'Assertion is encrypted, and the specified provider has no private key'
    await expectRefusal(send(await encrypted(keys[0])), INVALID, without)
    for (const key of keys) await update({ AddPrivateKey: pem(key) })
    for (const key of keys) {
      expect((await send(await encrypted(key))).Subject).toBe('ada')
      expect((await send(await encrypted(key, 'response'))).Subject).toBe('ada')
    }
    const foreign = await encrypted(makeCertificate().privateKey)
    await expectRefusal(send(foreign), INVALID, 'Assertion cannot be decrypted')
    await assume()
    await update({ AssertionEncryptionMode: 'Required' })
    await send(await encrypted(keys[1]))
    await expectRefusal(assume(), INVALID, 'Assertion is not encrypted, as the specified provider requires')
    await update({ AssertionEncryptionMode: 'Allowed' })
    const { PrivateKeyList = [] } = await iam.send(new GetSAMLProviderCommand({ SAMLProviderArn: provider }))
    for (const { KeyId } of PrivateKeyList) await update({ RemovePrivateKey: KeyId as string })
  })

  it('InvalidIdentityToken for expired metadata', async () => {
    const SAMLMetadataDocument = metadata({ attributes: `validUntil="${at(60)}"` })
    const { SAMLProviderArn } = await iam.send(new CreateSAMLProviderCommand({ Name: 'Ending', SAMLMetadataDocument }))
    const attributes = wanted().replaceAll(provider, SAMLProviderArn as string)
    const trusting = { ...trust(), Principal: { Federated: SAMLProviderArn } }
    const RoleArn = await makeRole(iam, 'OfEnding', trusting)
    const assertion = await assertionOf({ attributes: attributes.replaceAll(role, RoleArn) })
    await send(assertion, { RoleArn, PrincipalArn: SAMLProviderArn })
    server.clock.advance(61_000)
    const text = 'Metadata of the specified provider is expired'
    await expectRefusal(send(assertion, { RoleArn, PrincipalArn: SAMLProviderArn }), INVALID, text)
  })

  it('an unknown provider', async () => {
    const assertion = await assertionOf()
    const text = "Specified provider doesn't exist"
    for (const name of ['Missing', 'mysamlidp', '__proto__'])
      await expectRefusal(send(assertion, { PrincipalArn: provider.replace('MySAMLIdP', name) }), INVALID, text)
    const elsewhere = provider.replace(server.accountId, '999999999999')
    await expectRefusal(send(assertion, { PrincipalArn: elsewhere }), INVALID, text)
    await expectRefusal(send(assertion, { PrincipalArn: role }), 'ValidationError', 'Request ARN is invalid')
    await expectRefusal(send(assertion, { RoleArn: provider }), 'ValidationError', 'Request ARN is invalid')
  })
})
