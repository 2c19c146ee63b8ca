// Logins with SAML responses, base64 as an identity provider posts them
// (docs/reference/identity-pools-sts-iam-sync.md 4.1). A client sends the same response with every call, so
// a replay is accepted until the response expires.
import type { Context } from '../../../context.ts'
import { entityArn, parseProviderArn } from '../../../iam/arn-rules.ts'
import { encryptionOf } from '../../../iam/saml-providers/encryption.ts'
import type { SamlRefusal } from '../../../saml/refusal.ts'
import { type SamlSignIn, verifySamlResponse } from '../../../saml/response.ts'
import { samlAudiences, samlRecipients } from '../../../sts/saml/saml-recipients.ts'
import { loginTexts } from '../login-texts.ts'
import type { ConfiguredProvider } from '../provider-rules.ts'
import type { VerifiedLogin } from '../verified-login.ts'
import { type LoginRefusal, refuseLogin } from './refuse-login.ts'

type SamlProvider = Extract<ConfiguredProvider, { kind: 'saml' }>

const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/'
const ROLES = 'https://aws.amazon.com/SAML/Attributes/Role'

export async function verifySamlLogin(
  context: Context,
  { name: arn }: SamlProvider,
  response: string,
): Promise<VerifiedLogin | LoginRefusal> {
  const named = parseProviderArn(arn)
  const provider = named?.kind === 'saml-provider' ? await context.iam.entity('saml-provider', named.name) : undefined
  // A provider that IAM no longer has, or of another account.
  if (!provider || entityArn(context.config.accountId, provider) !== arn) return refuseLogin(loginTexts.unsupported)
  const now = context.clock.now()
  const encryption = encryptionOf(context, provider.settings)
  const signIn = await verifySamlResponse({
    response,
    metadata: provider.settings.metadata,
    now,
    audiences: samlAudiences(context),
    recipients: samlRecipients(context),
    ...(encryption && { encryption }),
  })
  if ('refused' in signIn) {
    const { refused, detail, expiredAt } = signIn
    return refuseLogin(
      expiredAt === undefined
        ? (refusalTexts[refused] ?? `${UNREADABLE} ${detail}.`)
        : loginTexts.expired(now, expiredAt),
    )
  }
  return samlLogin(arn, signIn)
}

function samlLogin(arn: string, { nameId, nameIdFormat, attributes }: SamlSignIn): VerifiedLogin {
  const firstValue = (name: string): string | undefined => attributes[`${CLAIMS}${name}`]?.[0]
  return {
    provider: arn,
    subject: `${nameIdFormat} ${nameId}`,
    claims: attributes,
    mappingNames: [arn],
    tagMapNames: [arn],
    defaultTags: { client: firstValue('nameidentifier') ?? nameId, username: firstValue('name') },
    amr: [arn, `${arn}:SAML:${nameId}`],
    ownRoles: rolesIn(attributes[ROLES] ?? [], arn),
  }
}

/** Pairs of role and provider, in either order: the roles that go with this provider. */
const rolesIn = (values: readonly string[], arn: string): string[] =>
  values.flatMap((value) => {
    const pair = value.split(',').map((part) => part.trim())
    return pair.length === 2 && pair.includes(arn) ? pair.filter((part) => part !== arn) : []
  })

const UNREADABLE = 'Invalid login token. Not a valid SAML response:'
const refusalTexts: { readonly [Reason in SamlRefusal]?: string } = {
  'not-signed': loginTexts.signature,
  'bad-signature': loginTexts.signature,
  'unsupported-algorithm': loginTexts.signature,
  'wrong-issuer': loginTexts.foreignIssuer,
  'wrong-audience': loginTexts.unsupported,
  'wrong-recipient': loginTexts.unsupported,
}
