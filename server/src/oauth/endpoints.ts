// The OAuth endpoints of a user pool. docs/reference/oauth-and-federation.md 2.
import { authorize, repeatByGet } from './authorize/authorize.ts'
import { discoveryEndpoints } from './discovery.ts'
import type { Endpoints } from './endpoint.ts'
import { logout } from './logout.ts'
import { revoke } from './revoke.ts'
import { token } from './token/token.ts'
import { userInfo } from './user-info.ts'

export const oauthEndpoints: Endpoints = {
  'GET /oauth2/authorize': authorize,
  'GET /authorize': authorize,
  'POST /oauth2/authorize': repeatByGet,
  'POST /oauth2/token': token,
  'GET /oauth2/userinfo': userInfo,
  'POST /oauth2/userinfo': userInfo,
  'POST /oauth2/revoke': revoke,
  'GET /logout': logout,
  'POST /logout': repeatByGet,
  ...discoveryEndpoints,
}
