// The pages of a user pool by method and path (docs/reference/oauth-and-federation.md 2).
import type { Endpoints } from '../oauth/endpoint.ts'
import { applicationsPage, postApplications } from './account/applications.tsx'
import { devicesPage, postDevices } from './account/devices.tsx'
import { factorsPage, postFactors } from './account/factors.tsx'
import { overview } from './account/overview.tsx'
import { passkeysPage, postPasskeys } from './account/passkeys.tsx'
import { passwordPage, postPassword } from './account/password.tsx'
import { postProfile, postVerify, profilePage, verifyPage } from './account/profile.tsx'
import { postSessions, sessionsPage } from './account/sessions.tsx'
import { challengePaths } from './challenge-pages.ts'
import { confirmPage, postConfirm, postResendCode } from './confirm.tsx'
import { confirmLinkPage, postConfirmLink } from './confirm-link.tsx'
import { consentPage, postConsent } from './consent.tsx'
import { deviceEndedPage, devicePage, postDevice } from './device.tsx'
import { errorPage } from './error-page.tsx'
import { forgotPasswordPage, postForgotPassword, postReset, resetPage } from './forgot-password.tsx'
import { loginPage, postLogin, startAgain } from './login.tsx'
import { dressed } from './looks/looks.ts'
import { forOwnUsers } from './own-users.ts'
import { addPasskeyPage, postPasskey } from './passkeys-add.tsx'
import { postChallenge } from './post-challenge.ts'
import { searchProvider } from './search-provider.tsx'
import { postSignOut, signedOutPage, signOutPage } from './sign-out.tsx'
import { postSignUp, signUpPage } from './sign-up.tsx'

const challengeEndpoints: Endpoints = Object.fromEntries(
  challengePaths.flatMap((path) => [
    [`GET ${path}`, startAgain],
    [`POST ${path}`, postChallenge],
  ]),
)

export const loginPages: Endpoints = dressed({
  'GET /login': loginPage,
  'POST /login': postLogin,
  'POST /idpsearch': searchProvider,
  'GET /idpsearch': startAgain,
  ...challengeEndpoints,
  'GET /signup': forOwnUsers(signUpPage),
  'POST /signup': forOwnUsers(postSignUp),
  'GET /confirm': confirmPage,
  'POST /confirm': postConfirm,
  'GET /resendcode': startAgain,
  'POST /resendcode': postResendCode,
  'GET /confirmuser': confirmLinkPage,
  'POST /confirmuser': postConfirmLink,
  // As in the links of Cognito's own messages.
  'GET /confirmuser/': confirmLinkPage,
  'GET /forgotpassword': forOwnUsers(forgotPasswordPage),
  'POST /forgotpassword': forOwnUsers(postForgotPassword),
  'GET /confirmforgotpassword': forOwnUsers(resetPage),
  'POST /confirmforgotpassword': forOwnUsers(postReset),
  'GET /passkeys/add': addPasskeyPage,
  'POST /passkeys/add': postPasskey,
  'GET /signout': signOutPage,
  'POST /signout': postSignOut,
  'GET /signedout': signedOutPage,
  'GET /consent': consentPage,
  'POST /consent': postConsent,
  'GET /device': devicePage,
  'POST /device': postDevice,
  'GET /device/ended': deviceEndedPage,
  'GET /account': overview,
  'GET /account/profile': profilePage,
  'POST /account/profile': postProfile,
  'GET /account/verify': verifyPage,
  'POST /account/verify': postVerify,
  'GET /account/password': passwordPage,
  'POST /account/password': postPassword,
  'GET /account/factors': factorsPage,
  'POST /account/factors': postFactors,
  'GET /account/passkeys': passkeysPage,
  'POST /account/passkeys': postPasskeys,
  'GET /account/devices': devicesPage,
  'POST /account/devices': postDevices,
  'GET /account/sessions': sessionsPage,
  'POST /account/sessions': postSessions,
  'GET /account/applications': applicationsPage,
  'POST /account/applications': postApplications,
  'GET /error': errorPage,
})
