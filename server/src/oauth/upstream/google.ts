// Google: OpenID Connect, and the People API for what its ID tokens do not have.
// docs/reference/oauth-and-federation.md 20; people.googleapis.com/v1 `people.get`.
import { atEndpoint } from '../../effects/provider-endpoints.ts'
import { readIdToken } from './id-token.ts'
import { authorizationUrl, codeOf, type Json, readProfile, redeemCode } from './requests.ts'
import { textsOf } from './texts.ts'
import type { Upstream } from './upstream.ts'

export const google: Upstream = {
  begin: ({ providerEndpoints }, leg, state) =>
    authorizationUrl(leg, atEndpoint(providerEndpoints, leg.provider.details['authorize_url'] as string), state, {
      nonce: leg.nonce,
      login_hint: leg.asked.loginHint,
    }),
  finish: async (context, leg, answer) => {
    const { provider } = leg
    const { client_id: clientId = '', token_url, attributes_url } = provider.details
    const { providerEndpoints } = context
    const url = atEndpoint(providerEndpoints, token_url as string)
    const clientSecret = provider.secrets['client_secret']
    const answered = await redeemCode(context, leg, { url, method: 'POST', clientId, clientSecret }, codeOf(answer))
    const issuer = providerEndpoints.google
    // `iss` comes with and without the scheme (Google Identity, "Verify the Google ID token").
    const alsoIssuers = [issuer.replace(/^https?:\/\//, '')]
    const { subject, claims } = await readIdToken(context, leg, { issuer, alsoIssuers }, answered)
    const fields = PEOPLE_FIELDS.filter((field) => Object.values(provider.mapping).includes(field))
    const people =
      fields.length === 0
        ? {}
        : await readProfile(
            context,
            leg,
            atEndpoint(providerEndpoints, `${attributes_url}${fields.join(',')}`),
            answered.access_token,
          )
    return {
      provider: provider.name,
      type: provider.type,
      subject,
      claims: { tokenResponse: textsOf(answered), idToken: textsOf(claims), userInfo: textsOf(peopleClaims(people)) },
    }
  },
}

/** Fields of the People API that a mapping may name. */
const PEOPLE_FIELDS = ['birthdays', 'genders', 'names', 'phoneNumbers']

/** The first entry of each field, which is the primary one, as one value. */
const peopleClaims = (people: Json): Json =>
  Object.fromEntries(
    PEOPLE_FIELDS.flatMap((field) => {
      const entries = people[field]
      const value = Array.isArray(entries) ? entryValue(entries[0]) : undefined
      return value === undefined ? [] : [[field, value]]
    }),
  )

function entryValue(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return undefined
  const { date, value, displayName, canonicalForm } = entry as Record<string, unknown>
  return isoDate(date) ?? canonicalForm ?? displayName ?? value
}

/** A date of the People API, whose year may be left out, as an ISO date. */
function isoDate(date: unknown): string | undefined {
  if (typeof date !== 'object' || date === null) return undefined
  const { year, month, day } = date as Record<string, unknown>
  if (typeof month !== 'number' || typeof day !== 'number') return undefined
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${String(typeof year === 'number' ? year : 0).padStart(4, '0')}-${two(month)}-${two(day)}`
}
