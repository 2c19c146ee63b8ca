import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  CreateSAMLProviderCommand,
  type CreateSAMLProviderCommandInput,
  GetSAMLProviderCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { makeCertificate } from '../../../test/certificate.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'
import { metadata } from '../../../test/saml-provider.ts'

const pemOf = (key: KeyObject, kind?: 'public'): string =>
  kind === 'public'
    ? createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString()
    : key.export({ format: 'pem', type: 'pkcs8' }).toString()
const privateKeyPem = (): string => pemOf(makeCertificate().privateKey)

describe.each(engines)('CreateSAMLProvider (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (Name: string, input: Partial<CreateSAMLProviderCommandInput> = {}) =>
    iamClient(server).send(new CreateSAMLProviderCommand({ Name, SAMLMetadataDocument: metadata(), ...input }))
  const arnOf = (name: string) => `arn:aws:iam::${server.accountId}:saml-provider/${name}`

  it('creates a provider, with tags or without', async () => {
    const bare = await create('Corp')
    expect(bare.SAMLProviderArn).toBe(arnOf('Corp'))
    expect(bare).not.toHaveProperty('Tags')
    const Tags = [{ Key: 'a', Value: 'b' }]
    expect(await create('tagged_1.x-y', { Tags })).toMatchObject({ SAMLProviderArn: arnOf('tagged_1.x-y'), Tags })
    expect((await create('__proto__')).SAMLProviderArn).toBe(arnOf('__proto__'))
    await create('allowing', { AssertionEncryptionMode: 'Allowed' })
  })

  it('accepts documents up to the size of a request', async () => {
    const padding = `<!-- ${'x'.repeat(900_000)} -->`
    const SAMLMetadataDocument = metadata().replace('<!-- as exported -->', padding)
    const { SAMLProviderArn } = await create('large', { SAMLMetadataDocument })
    const kept = await iamClient(server).send(new GetSAMLProviderCommand({ SAMLProviderArn }))
    expect(kept.SAMLMetadataDocument === SAMLMetadataDocument).toBe(true)
  })

  it('EntityAlreadyExists for a name that differs in case only, also in concurrent requests', async () => {
    const message = 'Provider with name CORP already exists.'
    await expectRefusal(create('CORP'), 'EntityAlreadyExistsException', message)
    const outcomes = await Promise.allSettled(['race', 'Race', 'RACE', 'rAce'].map((name) => create(name)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it.each<[string, (document: string) => string, RegExp]>([
    ['no XML', () => 'x'.repeat(1000), /not well-formed/],
    ['half of a document', (document) => document.slice(0, -10), /not well-formed/],
    ['a document type', (document) => document.replace('?>', '?><!DOCTYPE x [<!ENTITY e "e">]>'), /DOCTYPE/],
    [
      'a service provider',
      (document) => document.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'),
      /IDPSSODescriptor/,
    ],
    ['no certificate', (document) => document.replace('use="signing"', 'use="encryption"'), /certificate for signing/],
    ['a false certificate', (document) => document.replace('<ds:X509Certificate>', '$&AAAA'), /no certificate/],
    ['no entity id', (document) => document.replace('entityID=', 'other='), /entityID/],
  ])('InvalidInput for %s', async (_title, edit, reason) => {
    const call = create('bad', { SAMLMetadataDocument: edit(metadata()) })
    await expectRefusal(
      call,
      'InvalidInputException',
      new RegExp(`^Could not parse metadata: .*${reason.source}.*\\.$`),
    )
  })

  it('keeps a private key for encrypted assertions, of which it shows the id only', async () => {
    const { SAMLProviderArn } = await create('secret', {
      AssertionEncryptionMode: 'Required',
      AddPrivateKey: privateKeyPem(),
    })
    const kept = await iamClient(server).send(new GetSAMLProviderCommand({ SAMLProviderArn }))
    expect(kept).toMatchObject({
      AssertionEncryptionMode: 'Required',
      PrivateKeyList: [{ KeyId: expect.stringMatching(/^[A-Z2-7]{26}$/), Timestamp: expect.any(Date) }],
    })
    expect(JSON.stringify(kept)).not.toContain('PRIVATE KEY')
  })

  it.each<[string, Partial<CreateSAMLProviderCommandInput>, RegExp]>([
    ['Required without a key', { AssertionEncryptionMode: 'Required' }, /needs a private key/],
    ['no key', { AddPrivateKey: 'x' }, /private key in PEM format/],
    ['a public key', { AddPrivateKey: pemOf(makeCertificate().privateKey, 'public') }, /private key in PEM format/],
    [
      'a short key',
      { AddPrivateKey: pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey) },
      /2048 bits/,
    ],
    [
      'another kind',
      { AddPrivateKey: pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey) },
      /RSA key/,
    ],
  ])('InvalidInput for a private key: %s', async (_title, input, message) => {
    await expectRefusal(create('none', input), 'InvalidInputException', message)
  })

  it('ValidationError for what the contract does not allow', async () => {
    await expectRefusal(create('a b'), 'ValidationError', /name.*regular expression/)
    const short = create('short', { SAMLMetadataDocument: '<x/>' })
    await expectRefusal(short, 'ValidationError', /sAMLMetadataDocument.*greater than or equal to 1000/)
  })

  it('refuses callers without permission', async () => {
    const call = new CreateSAMLProviderCommand({ Name: 'Mine', SAMLMetadataDocument: metadata() })
    await expectDenied(server, (iam) => iam.send(call), 'iam:CreateSAMLProvider', arnOf('Mine'))
  })
})
