// The SAML endpoints of a user pool. docs/reference/oauth-and-federation.md 22, 23.
import type { Endpoints } from '../endpoint.ts'
import { idpResponse } from './idp-response.ts'
import { getLogout, postLogout } from './saml-logout.ts'
import { spMetadata } from './sp-metadata.ts'

export const samlEndpoints: Endpoints = {
  'POST /saml2/idpresponse': idpResponse,
  'POST /saml2/logout': postLogout,
  'GET /saml2/logout': getLogout,
  'GET /saml2/metadata': spMetadata,
}
