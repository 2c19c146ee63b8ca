// The OAuth endpoints of a user pool. docs/reference/oauth-and-federation.md 2.
import { authorize, repeatByGet } from './authorize/authorize.ts'
import { deviceAuthorization } from './device/device-authorization.ts'
import { discoveryEndpoints } from './discovery.ts'
import type { Endpoints } from './endpoint.ts'
import { introspect } from './introspect.ts'
import { logout } from './logout.ts'
import { par } from './par.ts'
import { register } from './register/register.ts'
import { revoke } from './revoke.ts'
import { samlEndpoints } from './saml/endpoints.ts'
import { token } from './token/token.ts'
import { idpResponse } from './upstream/finish.ts'
import { userInfo } from './user-info.ts'

export const oauthEndpoints: Endpoints = {
  'GET /oauth2/authorize': authorize,
  'GET /authorize': authorize,
  'POST /oauth2/authorize': repeatByGet,
  'POST /oauth2/token': token,
  'GET /oauth2/userinfo': userInfo,
  'POST /oauth2/userinfo': userInfo,
  'POST /oauth2/revoke': revoke,
  'GET /oauth2/idpresponse': idpResponse,
  'POST /oauth2/idpresponse': idpResponse,
  'POST /oauth2/introspect': introspect,
  'POST /oauth2/par': par,
  'POST /oauth2/device_authorization': deviceAuthorization,
  'POST /oauth2/register': register,
  'GET /logout': logout,
  ...samlEndpoints,
  'POST /logout': repeatByGet,
  ...discoveryEndpoints,
}
