// From the response of a SAML provider to a profile: every check of docs/reference/oauth-and-federation.md 22.3, the replay
// included. A response counts once, in all processes.
import { createPrivateKey } from 'node:crypto'
import type { Profile, SamlSession } from '../../cognito-idp/identities/profile.ts'
import { withCurrentMetadata } from '../../cognito-idp/identity-providers/current-metadata.ts'
import type { IdentityProvider } from '../../cognito-idp/identity-providers/provider-store.ts'
import { spendId } from '../../cognito-idp/sign-in/spent-id-store.ts'
import type { Context } from '../../context.ts'
import { sha256Text } from '../../crypto/digest.ts'
import { limits as samlLimits } from '../../saml/limits.ts'
import { type SamlSignIn, verifySamlResponse } from '../../saml/response.ts'
import { limits } from '../limits.ts'
import { listText } from '../upstream/texts.ts'
import { refusedError, samlError } from './saml-errors.ts'
import { consumerUrl, entityIdOf, isSet } from './service-provider.ts'

export interface SamlAnswer {
  /** Base64. */
  readonly response: string | undefined
  /** The URL of the pool's endpoints that it came to. */
  readonly base: string
  /** The id of the request; null for a sign-in that the provider has initiated, which may be six minutes old. */
  readonly inResponseTo: string | null
}

/** The user of a response. Throws OAuthError. */
export async function readSamlProfile(
  context: Context,
  provider: IdentityProvider,
  { response, base, inResponseTo }: SamlAnswer,
): Promise<Profile> {
  if (response === undefined) throw samlError('There is no SAMLResponse')
  const current = await withCurrentMetadata(context, provider)
  const { userPoolId, name } = current
  const decryptionKey = decryptionKeyOf(current)
  const signIn = await verifySamlResponse({
    response,
    metadata: current.document,
    now: context.clock.now(),
    audiences: [entityIdOf(userPoolId)],
    recipients: [consumerUrl(base)],
    inResponseTo,
    ...(inResponseTo === null && { maxAgeSeconds: limits.initiatedAge.max }),
    ...(decryptionKey && { encryption: { keys: [decryptionKey], required: true } }),
  })
  if ('refused' in signIn) throw refusedError(context, signIn, { pool: userPoolId, provider: name })
  const claims = claimsOf(signIn, current.mapping)
  await spendAssertion(context, userPoolId, signIn)
  return {
    provider: name,
    type: 'SAML',
    subject: signIn.nameId,
    issuer: signIn.issuer,
    claims: { samlResponse: claims },
    ...(isKept(signIn.nameId) && isKept(signIn.nameIdFormat) && { samlSession: sessionOf(signIn) }),
  }
}

const decryptionKeyOf = (provider: IdentityProvider) =>
  isSet(provider, 'EncryptedResponses')
    ? createPrivateKey({
        key: Buffer.from(provider.secrets['encryption_key'] ?? '', 'base64'),
        format: 'der',
        type: 'pkcs8',
      })
    : undefined

/** Remembers an assertion for as long as it could come again. Throws OAuthError when it was used before. */
async function spendAssertion(
  { db }: Context,
  userPoolId: string,
  { issuer, assertionId, notOnOrAfter, issuedAt }: SamlSignIn,
): Promise<void> {
  const id = `saml-assertion ${sha256Text(JSON.stringify([issuer, assertionId]))}`
  const end = Math.max(notOnOrAfter, issuedAt + limits.initiatedAge.max * 1000)
  const expiresAt = end + samlLimits.clockSkew.max * 1000
  if (!(await spendId(db, { id, userPoolId, expiresAt }))) throw samlError('The assertion was used before')
}

/** Attributes by their names; several values are one text. Throws OAuthError for characters that Cognito refuses. */
function claimsOf(
  { attributes, nameId }: SamlSignIn,
  mapping: IdentityProvider['mapping'],
): Readonly<Record<string, string>> {
  const claims: Record<string, string> = Object.create(null)
  for (const [name, values] of Object.entries(attributes)) {
    const [only, ...others] = values
    if (only !== undefined) claims[name] = others.length === 0 ? only : listText(values)
  }
  const used = [nameId, ...Object.values(mapping).flatMap((name) => attributes[name] ?? [])]
  if (used.some((text) => /[\u{10000}-\u{10ffff}]/u.test(text)))
    throw samlError('Characters of four bytes in UTF-8 are not supported')
  return claims
}

/** What is kept in the browser's cookie: long qualifiers and indexes are left out, as a cookie has 4096 bytes. */
function sessionOf({ nameId, nameIdFormat, nameQualifier, spNameQualifier, sessionIndex }: SamlSignIn): SamlSession {
  return {
    name: {
      value: nameId,
      format: nameIdFormat,
      ...(isKept(nameQualifier) && { nameQualifier }),
      ...(isKept(spNameQualifier) && { spNameQualifier }),
    },
    ...(isKept(sessionIndex) && { index: sessionIndex }),
  }
}

const MAX_KEPT = 256
const isKept = (text: string | undefined): text is string => text !== undefined && text.length <= MAX_KEPT
