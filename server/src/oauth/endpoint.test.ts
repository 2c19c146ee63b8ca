// Which endpoints and pages a secondary region refuses: a new one is found here.
import { expect, it } from 'vitest'
import { loginPages } from '../login-pages/endpoints.ts'
import { isWrite } from './endpoint.ts'
import { oauthEndpoints } from './endpoints.ts'

const endpoints = { ...oauthEndpoints, ...loginPages }

it('what changes users and settings is refused in a secondary region, and nothing else', () => {
  const refused = Object.keys(endpoints).filter((name) => {
    const [method = '', path = ''] = name.split(' ')
    return isWrite(endpoints, method, path)
  })
  expect(refused.sort()).toEqual(
    [
      'POST /oauth2/register',
      'GET /signup',
      'POST /signup',
      'GET /confirm',
      'POST /confirm',
      'GET /resendcode',
      'POST /resendcode',
      'GET /confirmuser',
      'POST /confirmuser',
      'GET /forgotpassword',
      'POST /forgotpassword',
      'GET /confirmforgotpassword',
      'POST /confirmforgotpassword',
      'GET /passkeys/add',
      'POST /passkeys/add',
      'POST /account/profile',
      'POST /account/verify',
      'POST /account/password',
      'POST /account/factors',
      'POST /account/passkeys',
      'POST /account/devices',
      'POST /account/applications',
    ].sort(),
  )
})
