// Login with Amazon: an access token. `tokeninfo` names its user and application; the profile adds a name and an e-mail
// address where the user agreed to that (Login with Amazon, "Verify access tokens").
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
  // Pools are configured with the id of the application (amzn1.application.…); `aud` is the id of one of its clients.
  const audience = idOf(appId) ?? idOf(aud)
  if (subject === undefined || audience === undefined)
    return refuse('unreachable', 'the provider names no user or no application')
  if (iss !== undefined && iss !== ISSUER) return refuse('wrong-issuer', 'the token is not of Login with Amazon')
  // `exp` is the number of seconds that are left.
  if (typeof exp === 'number' && exp <= 0) return refuse('expired', 'the token has expired')
  const login = { provider: 'www.amazon.com', subject, audience, claims: {} } as const
  const checked = forApplication(login, application, typeof aud === 'string' ? [aud] : [])
  if ('refused' in checked) return checked
  const profile = await askProvider(context, {
    url: `${base}/user/profile`,
    headers: { authorization: `Bearer ${token}` },
  })
  // A token without the scope for the profile gets an error there, and the login is valid without a profile.
  if ('refused' in profile && profile.refused !== 'invalid-token') return profile
  const profileClaims = 'answer' in profile ? profile.answer : {}
  if (profileClaims.user_id !== undefined && profileClaims.user_id !== userId)
    return refuse('invalid-claims', 'the profile is of another user')
  return { ...login, claims: { ...profileClaims, user_id: subject, aud, app_id: appId } }
}
