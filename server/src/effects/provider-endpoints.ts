// The base addresses of the social providers, in one table that tests replace.

export type SocialHost = 'google' | 'apple' | 'facebook' | 'amazon' | 'twitter' | 'digits'

/** Base addresses without a trailing slash. */
export type ProviderEndpoints = Readonly<Record<SocialHost, string>>

export const providerEndpoints: ProviderEndpoints = {
  google: 'https://accounts.google.com',
  apple: 'https://appleid.apple.com',
  facebook: 'https://graph.facebook.com',
  amazon: 'https://api.amazon.com',
  twitter: 'https://api.twitter.com',
  digits: 'https://api.digits.com',
}
