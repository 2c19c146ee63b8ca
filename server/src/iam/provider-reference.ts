// OIDC and SAML providers by their ARNs, by which every operation but their creation names them.
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { entityArn, parseProviderArn } from './arn-rules.ts'
import type { Reference } from './entity-changes.ts'
import { entityKey } from './entity-types.ts'
import { invalidArnError } from './iam-errors.ts'

type ProviderKind = 'oidc-provider' | 'saml-provider'

/** Texts of NoSuchEntity, seen at the service (docs/behaviour/iam.md). */
const notFoundText: Readonly<Record<ProviderKind, (arn: string) => string>> = {
  'oidc-provider': (arn) => `OpenIDConnect Provider not found for arn ${arn}`,
  'saml-provider': (arn) => `Manifest not found for arn ${arn}`,
}

/** The provider of an ARN. Throws ValidationError for a text that is not the ARN of such a provider. */
export function providerByArn<Kind extends ProviderKind>(
  { config: { accountId } }: Pick<Context, 'config'>,
  kind: Kind,
  arn: string,
): Reference<Kind> {
  const parsed = parseProviderArn(arn)
  if (parsed?.kind !== kind) throw invalidArnError()
  return {
    kind,
    key: entityKey(kind, parsed.name),
    // The key does not contain the account, nor the case of a SAML provider's name.
    means: (provider) => entityArn(accountId, provider) === arn,
    notFoundError: () => new ApiError('NoSuchEntityException', notFoundText[kind](arn)),
  }
}
