// The pages of a user pool by method and path (docs/reference/oauth-and-federation.md 2).
import type { Endpoints } from '../oauth/endpoint.ts'
import { errorPage } from './error-page.tsx'
import { loginPage, postChallenge, postLogin, startAgain } from './login.tsx'

export const loginPages: Endpoints = {
  'GET /login': loginPage,
  'POST /login': postLogin,
  'GET /mfa': startAgain,
  'POST /mfa': postChallenge,
  'GET /mfaoptions': startAgain,
  'POST /mfaoptions': postChallenge,
  'GET /resetpassword': startAgain,
  'POST /resetpassword': postChallenge,
  'GET /error': errorPage,
}
