// Whom a verified token names, in the terms of trust policies: what STS and identity pools hand to the rule that assumes a
// role (assume-role-with-web-identity.ts). Whoever makes one has verified the token.

export interface WebIdentity {
  /** As a trust policy's `Federated` principal names it: cognito-identity.amazonaws.com, or the ARN of an OIDC provider. */
  federatedPrincipal: string
  /** Condition keys of the token, such as cognito-identity.amazonaws.com:sub, :aud and :amr. */
  keys: Readonly<Record<string, readonly string[]>>
  subject: string
  audience: string
  /** Session tags: of the token's claim, or of an identity pool's attribute map. The keys are a caller's. */
  tags?: Readonly<Record<string, string>> | undefined
  /** Keys of `tags` that go on to the next role. */
  transitiveTagKeys?: readonly string[] | undefined
  sourceIdentity?: string | undefined
}
