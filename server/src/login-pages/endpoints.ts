// The pages of a user pool by method and path (docs/reference/oauth-and-federation.md 2).
import type { Endpoints } from '../oauth/endpoint.ts'
import { challengePaths } from './challenge-pages.ts'
import { errorPage } from './error-page.tsx'
import { loginPage, postLogin, startAgain } from './login.tsx'
import { addPasskeyPage, postPasskey } from './passkeys-add.tsx'
import { postChallenge } from './post-challenge.ts'

const challengeEndpoints: Endpoints = Object.fromEntries(
  challengePaths.flatMap((path) => [
    [`GET ${path}`, startAgain],
    [`POST ${path}`, postChallenge],
  ]),
)

export const loginPages: Endpoints = {
  'GET /login': loginPage,
  'POST /login': postLogin,
  ...challengeEndpoints,
  'GET /passkeys/add': addPasskeyPage,
  'POST /passkeys/add': postPasskey,
  'GET /error': errorPage,
}
