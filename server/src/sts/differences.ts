// What an implemented operation of STS does not do as the service does it, for docs/compatibility.md.
import type { Difference } from '../service.ts'

const noMfa = 'Users of IAM have no multi-factor devices here: a TokenCode is refused.'
const approximation = 'PackedPolicySize is an approximation.'

export const differences: Readonly<Record<string, Difference>> = {
  AssumeRole: {
    missing: `Roles of this account only. ${noMfa} ProvidedContexts (IAM Identity Center) are refused by name.`,
    differs: approximation,
  },
  AssumeRoleWithSAML: { differs: approximation },
  AssumeRoleWithWebIdentity: { differs: approximation },
  AssumeRoot: {
    missing: 'Always refused, by name, with AccessDenied: there is no organization with member accounts.',
  },
  DecodeAuthorizationMessage: { differs: 'Messages come with denials of the resource gate (docs/gate.md).' },
  GetAccessKeyInfo: {
    missing:
      'The account is read from the id. Ids of the form that was made before 2019, which do not hold it, are refused.',
  },
  GetDelegatedAccessToken: {
    missing: 'Always refused, by name, with AccessDenied: there are no delegation requests.',
  },
  GetFederationToken: { differs: approximation },
  GetSessionToken: { missing: noMfa },
  GetWebIdentityToken: {
    missing:
      'Always refused with OutboundWebIdentityFederationDisabledException, as by an account that has not turned the feature on.',
  },
}
