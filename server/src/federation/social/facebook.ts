// Facebook: an opaque access token. Graph is asked for its application, then for its user. The application is checked
// first, or a token that the user gave to another application would be accepted. debug_token would need the
// application's secret, which identity pools do not have.
import { askProvider, forApplication, idOf, isToken, refuse, type VerifySocialLogin } from './social-login.ts'

const FIELDS = 'id,name,first_name,last_name,email'

export const verifyFacebook: VerifySocialLogin = async (context, { token, application }) => {
  if (!isToken(token)) return refuse('invalid-token', 'it is no access token')
  const base = context.providerEndpoints.facebook
  const credentials = `access_token=${encodeURIComponent(token)}`
  const app = await askProvider(context, { url: `${base}/app?fields=id&${credentials}` })
  if ('refused' in app) return app
  const audience = idOf(app.answer.id)
  if (audience === undefined) return refuse('unreachable', 'the provider names no application')
  const login = { provider: 'graph.facebook.com', audience, subject: '', claims: {} } as const
  const checked = forApplication(login, application)
  if ('refused' in checked) return checked
  const me = await askProvider(context, { url: `${base}/me?fields=${FIELDS}&${credentials}` })
  if ('refused' in me) return me
  const subject = idOf(me.answer.id)
  if (subject === undefined) return refuse('unreachable', 'the provider names no user')
  return { ...login, subject, claims: { ...me.answer, app_id: audience } }
}
