// What an implemented operation of STS does not do as the service does it, for docs/compatibility.md.
import type { Difference } from '../service.ts'

const noMfa = 'Users of IAM have no multi-factor devices here: a TokenCode is refused.'

export const differences: Readonly<Record<string, Difference>> = {
  AssumeRole: {
    state: 'done',
    note: `Roles of this account. ${noMfa} ProvidedContexts (IAM Identity Center) are refused by name. PackedPolicySize is an approximation.`,
  },
  AssumeRoot: {
    state: 'partly',
    note: 'Always refused, by name, with AccessDenied: there is no organization with member accounts.',
  },
  DecodeAuthorizationMessage: {
    state: 'done',
    note: 'Messages come with denials of the resource gate (docs/gate.md); the condition keys of the request are not in them.',
  },
  GetAccessKeyInfo: {
    state: 'done',
    note: 'The account is read from the id. Ids of the form that was made before 2019, which do not hold it, are refused.',
  },
  GetDelegatedAccessToken: {
    state: 'partly',
    note: 'Always refused, by name, with AccessDenied: there are no delegation requests.',
  },
  GetSessionToken: { state: 'done', note: noMfa },
  GetWebIdentityToken: {
    state: 'partly',
    note: 'Always refused with OutboundWebIdentityFederationDisabledException, as by an account that has not turned the feature on.',
  },
}
