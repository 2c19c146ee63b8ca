// The base addresses of the social providers, in one table that tests replace.

export type SocialHost =
  | 'google'
  | 'googleTokens'
  | 'googlePeople'
  | 'apple'
  | 'facebook'
  | 'facebookPages'
  | 'amazon'
  | 'amazonPages'
  | 'twitter'
  | 'digits'

/** Base addresses without a trailing slash. */
export type ProviderEndpoints = Readonly<Record<SocialHost, string>>

export const providerEndpoints: ProviderEndpoints = {
  google: 'https://accounts.google.com',
  googleTokens: 'https://www.googleapis.com',
  googlePeople: 'https://people.googleapis.com',
  apple: 'https://appleid.apple.com',
  facebook: 'https://graph.facebook.com',
  facebookPages: 'https://www.facebook.com',
  amazon: 'https://api.amazon.com',
  amazonPages: 'https://www.amazon.com',
  twitter: 'https://api.twitter.com',
  digits: 'https://api.digits.com',
}

/** A URL of a social provider, at the address that stands in for the provider. */
export function atEndpoint(endpoints: ProviderEndpoints, url: string): string {
  for (const [host, base] of Object.entries(providerEndpoints))
    if (url === base || url.startsWith(`${base}/`)) return endpoints[host as SocialHost] + url.slice(base.length)
  return url
}
