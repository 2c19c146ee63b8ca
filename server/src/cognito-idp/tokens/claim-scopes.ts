// Which attributes the scopes of a sign-in let an application read, in ID tokens and at the userInfo endpoint. Pure.
// docs/reference/oauth-and-federation.md 6, 10.2; OpenID Connect Core 5.4.

const EMAIL = ['email', 'email_verified']
const PHONE = ['phone_number', 'phone_number_verified']
/** Attributes that `profile` does not open; it opens all others, custom ones as well. */
const NOT_OF_PROFILE = new Set([...EMAIL, ...PHONE, 'address'])

const opens: Readonly<Record<string, (attribute: string) => boolean>> = {
  email: (attribute) => EMAIL.includes(attribute),
  phone: (attribute) => PHONE.includes(attribute),
  profile: (attribute) => !NOT_OF_PROFILE.has(attribute),
}

/** Whether an attribute is in the claims. `openid` alone, and a sign-in by the API, open every attribute. */
export function isInScopes(attribute: string, scopes: readonly string[] | undefined): boolean {
  const named = scopes?.filter((scope) => Object.hasOwn(opens, scope)) ?? []
  return named.length === 0 || named.some((scope) => opens[scope]?.(attribute))
}
