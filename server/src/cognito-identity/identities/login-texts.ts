// What is wrong with a login, in the service's words (docs/reference/identity-pools-sts-iam-sync.md 4.2, 12).
export const loginTexts = {
  unsupported: 'Token is not from a supported provider of this identity pool.',
  malformed: 'Invalid login token. Not a valid OpenId Connect identity token.',
  notCognito: 'Invalid login token. Not a Cognito token.',
  foreignIssuer: "Invalid login token. Issuer doesn't match providerName",
  signature: "Invalid login token. Couldn't verify signed token.",
  missingClaim: (claim: string) => `Invalid login token. Missing a required claim: ${claim}`,
  /** Epoch seconds; of SAML milliseconds. */
  expired: (now: number, expiry: number) => `Invalid login token. Token expired: ${now} >= ${expiry}`,
  /** Our own words: the service's are not known. */
  revoked: 'Invalid login token. Token has been revoked.',
  poolToken: "Invalid login token. Can't pass in a Cognito token.",
  developerProvider: 'Please provide a valid public provider',
} as const
