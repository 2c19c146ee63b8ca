// `kill -9` between the answer of a sign-up and the delivery of its code: after the restart every code arrives, and works.
import { ConfirmSignUpCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider'
import { expect, test } from 'vitest'
import { engines, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool } from '../../../conformance/user-pool.ts'
import { until } from '../outbox-parts.ts'
import { startSmtpServer } from '../smtp-server.ts'

const USERS = 20

test.concurrent.each(engines)(
  '%s loses no message whose sign-up was answered',
  async (engine) => {
    const mailServer = await startSmtpServer()
    mailServer.reply = (command) => (command.startsWith('RCPT') ? '451 4.3.0 not now' : undefined)
    const server = await startServer({ engine, env: { SMTP_URL: mailServer.url } })
    try {
      const sdk = adminClient(server)
      const pool = await makePool(sdk)
      const names = [...Array(USERS).keys()].map((i) => `user${i}`)
      await Promise.all(
        names.map((Username) => {
          const UserAttributes = [{ Name: 'email', Value: `${Username}@example.com` }]
          return sdk.send(
            new SignUpCommand({ ClientId: pool.clientId, Username, Password: 'Passw0rd!first', UserAttributes }),
          )
        }),
      )
      await server.kill()
      sdk.destroy()
      expect(mailServer.mails).toHaveLength(0)

      mailServer.reply = () => undefined
      await server.restart()
      // A failed attempt comes again after some seconds; one that was under way on PostgreSQL, when its lease has run out.
      const recipients = () => new Set(mailServer.mails.flatMap((mail) => mail.recipients))
      await until(() => recipients().size === USERS, 100_000)
      const again = adminClient(server)
      for (const mail of mailServer.mails) {
        const Username = mail.recipients[0]?.split('@')[0]
        const ConfirmationCode = /\d{6}/.exec(mail.body)?.[0]
        const confirming = again.send(new ConfirmSignUpCommand({ ClientId: pool.clientId, Username, ConfirmationCode }))
        // A message may come twice after a crash: the second finds its user confirmed.
        await confirming.catch((error: Error) => expect(error.message).toMatch('Current status is CONFIRMED'))
      }
      again.destroy()
    } finally {
      await server.stop()
      await mailServer.close()
    }
  },
  180_000,
)
