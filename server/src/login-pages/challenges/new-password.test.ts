import { AdminCreateUserCommand, AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { expect, it } from 'vitest'
import { useTestServer } from '../../../test/harness.ts'
import { authorizeUrl, makeApp, PASSWORD, redeem } from '../../../test/oauth.ts'
import { Browser, leaving } from '../../../test/page-walker.ts'

const server = useTestServer()

it('a temporary password is replaced under the rules that the page shows, with the attributes that are missing', async () => {
  const Schema = ['birthdate', 'phone_number'].map((Name) => ({ Name, Required: true }))
  const app = await makeApp(server, { pool: { Schema } })
  const at = { UserPoolId: app.poolId, Username: 'ann' }
  await server.admin.send(
    new AdminCreateUserCommand({ ...at, TemporaryPassword: 'Temporary-1', MessageAction: 'SUPPRESS' }),
  )
  const browser = new Browser()
  const login = await browser.get(authorizeUrl(app))
  const page = await browser.submit(login, { username: 'ann', password: 'Temporary-1' })
  expect(page.text).toContain('at least 8 characters')
  expect(page.text).toContain('Date of birth')
  expect(/<input[^>]*name="requiredAttributes\[birthdate\]"[^>]*>/.exec(page.text)?.[0]).toContain('type="date"')
  const typed = { 'requiredAttributes[birthdate]': '1990-01-02', 'requiredAttributes[phone_number]': '+1 415 555 0132' }
  const answered = await leaving(browser.submit(page, { ...typed, new_password: PASSWORD }))
  expect((await redeem(app, answered)).status).toBe(200)
  const { UserAttributes = [], UserStatus } = await server.admin.send(new AdminGetUserCommand(at))
  expect(UserStatus).toBe('CONFIRMED')
  expect(UserAttributes).toEqual(
    expect.arrayContaining([
      { Name: 'birthdate', Value: '1990-01-02' },
      { Name: 'phone_number', Value: '+14155550132' },
    ]),
  )
})
