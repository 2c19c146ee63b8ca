// Login with Amazon: an access token. `tokeninfo` says whose it is and for which application; the profile adds a name and
// an address where the user agreed to that (Login with Amazon, "Verify access tokens").
import { askProvider, forApplication, idOf, isToken, refuse, type VerifySocialLogin } from './social-login.ts'

const ISSUER = 'https://www.amazon.com'

export const verifyAmazon: VerifySocialLogin = async (context, { token, application }) => {
  if (!isToken(token)) return refuse('invalid-token', 'it is no access token')
  const base = context.providerEndpoints.amazon
  const asked = await askProvider(context, {
    url: `${base}/auth/o2/tokeninfo?access_token=${encodeURIComponent(token)}`,
  })
  if ('refused' in asked) return asked
  const { aud, app_id: appId, user_id: userId, iss, exp } = asked.answer
  const subject = idOf(userId)
  // Pools are configured with the application (amzn1.application.…); its clients have ids of their own.
  const audience = idOf(appId) ?? idOf(aud)
  if (subject === undefined || audience === undefined)
    return refuse('unreachable', 'the provider names no user or no application')
  if (iss !== undefined && iss !== ISSUER) return refuse('wrong-issuer', 'the token is not of Login with Amazon')
  // Seconds that are left.
  if (typeof exp === 'number' && exp <= 0) return refuse('expired', 'the token has expired')
  const login = { provider: 'www.amazon.com', subject, audience, claims: {} } as const
  const meant = forApplication(login, application, typeof aud === 'string' ? [aud] : [])
  if ('refused' in meant) return meant
  const profile = await askProvider(context, {
    url: `${base}/user/profile`,
    headers: { authorization: `Bearer ${token}` },
  })
  // Without the profile's scope there is none, and the login counts all the same.
  if ('refused' in profile && profile.refused !== 'invalid-token') return profile
  const about = 'answer' in profile ? profile.answer : {}
  if (about.user_id !== undefined && about.user_id !== userId)
    return refuse('invalid-claims', 'the profile is of another user')
  return { ...login, claims: { ...about, user_id: subject, aud, app_id: appId } }
}
