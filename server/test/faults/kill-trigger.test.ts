// `kill -9` while a trigger of a sign-up runs: what was acknowledged stays, what was not can be done again, and a code for a
// custom sender arrives after the restart.
import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  ConfirmSignUpCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { expect, test } from 'vitest'
import { engines } from '../../../conformance/start-server.ts'
import { makePool, newestMessage } from '../../../conformance/user-pool.ts'
import { until } from '../outbox-parts.ts'
import { ARN, startHeldFunction } from './held-function.ts'

const UserAttributes = [{ Name: 'email', Value: 'ann@example.com' }]

test.each(engines)(
  '%s loses nothing when it is killed while a trigger of a sign-up runs',
  async (engine) => {
    const held = await startHeldFunction(engine, { CUSTOM_SENDER_KEY: Buffer.alloc(32, 7).toString('base64') })
    const { sdk, server } = held
    const lostDuring = async (...kill: Parameters<typeof held.killedDuring>) =>
      expect(await held.killedDuring(...kill)).toBe('lost')
    try {
      const { poolId: UserPoolId, clientId: ClientId } = await makePool(sdk())
      const set = (LambdaConfig: object) =>
        sdk().send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig, AutoVerifiedAttributes: ['email'] }))
      const ann = { ClientId, Username: 'ann', Password: 'Passw0rd!x', UserAttributes }
      const statusOf = async (Username: string) =>
        (await sdk().send(new AdminGetUserCommand({ UserPoolId, Username }))).UserStatus
      await set({ PreSignUp: ARN })
      await lostDuring('PreSignUp_SignUp', () => sdk().send(new SignUpCommand(ann)))
      await expect(statusOf('ann')).rejects.toThrow('User does not exist.')

      await set({ CustomMessage: ARN })
      await lostDuring('CustomMessage_SignUp', () => sdk().send(new SignUpCommand(ann)))
      await expect(statusOf('ann')).rejects.toThrow('User does not exist.')
      await expect(newestMessage(server, 'ann@example.com')).rejects.toThrow('No message')
      await sdk().send(new SignUpCommand(ann))
      expect((await newestMessage(server, 'ann@example.com')).body).toMatch(/^Custom <b>\d{6}<\/b> for ann$/)

      await set({ PostConfirmation: ARN })
      await lostDuring('PostConfirmation_ConfirmSignUp', () =>
        sdk().send(new AdminConfirmSignUpCommand({ UserPoolId, Username: 'ann' })),
      )
      expect(await statusOf('ann')).toBe('CONFIRMED')

      const eve = { ...ann, Username: 'eve', UserAttributes: [{ Name: 'email', Value: 'eve@example.com' }] }
      await sdk().send(new SignUpCommand(eve))
      const ConfirmationCode = /\d{6}/.exec((await newestMessage(server, 'eve@example.com')).body)?.[0]
      const confirm = new ConfirmSignUpCommand({ ClientId, Username: 'eve', ConfirmationCode })
      await lostDuring('PostConfirmation_ConfirmSignUp', () => sdk().send(confirm))
      expect(await statusOf('eve')).toBe('CONFIRMED')

      await set({
        CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: ARN },
        KMSKeyID: 'arn:aws:kms:us-east-1:000000000000:key/1',
      })
      const bob = { ...ann, Username: 'bob', UserAttributes: [{ Name: 'email', Value: 'bob@example.com' }] }
      // The sign-up is answered: it is the delivery of its code that the kill meets.
      expect(await held.killedDuring('CustomEmailSender_SignUp', () => sdk().send(new SignUpCommand(bob)))).toBe(
        'answered',
      )
      // On PostgreSQL when the lease of the killed process has run out.
      await until(() => held.sources.includes('CustomEmailSender_SignUp'), 60_000)
      expect(await statusOf('bob')).toBe('UNCONFIRMED')
    } finally {
      await held.stop()
    }
  },
  180_000,
)
