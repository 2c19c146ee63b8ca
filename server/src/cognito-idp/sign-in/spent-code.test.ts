// PostConfirmation after a sign-up that the code of a sign-in confirmed.
import {
  AdminGetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { expect, it } from 'vitest'
import { ALL_FLOWS, expectRefusal, usePool, useTestServer } from '../../../test/harness.ts'
import { signUpUser } from '../../../test/sign-up.ts'

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:confirmed'
const told: Record<string, unknown>[] = []
const server = useTestServer({
  triggers: {
    [ARN]: (event) => {
      told.push(event as Record<string, unknown>)
      if ((event as { userName: string }).userName === 'unlucky') throw new Error('no room')
      return event
    },
  },
})
const at = usePool(server, {
  pool: {
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    LambdaConfig: { PostConfirmation: ARN },
  },
  client: { ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH'] },
})

async function signInByCode(USERNAME: string) {
  const here = { ClientId: at.clientId }
  const { Session } = await server.app.send(
    new InitiateAuthCommand({
      ...here,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME, PREFERRED_CHALLENGE: 'EMAIL_OTP' },
    }),
  )
  const EMAIL_OTP_CODE = await server.outbox.latestCode(`${USERNAME}@example.org`)
  const ChallengeResponses = { USERNAME, EMAIL_OTP_CODE }
  const answer = new RespondToAuthChallengeCommand({ ...here, ChallengeName: 'EMAIL_OTP', Session, ChallengeResponses })
  return server.app.send(answer)
}

it('is told of the user once, at the first code', async () => {
  await signUpUser(server, at.clientId, 'ann', { email: 'ann@example.org' })
  for (let time = 0; time < 2; time++) expect((await signInByCode('ann')).AuthenticationResult).toBeDefined()
  expect(told.filter(({ userName }) => userName === 'ann')).toMatchObject([
    {
      triggerSource: 'PostConfirmation_ConfirmSignUp',
      request: {
        userAttributes: { email: 'ann@example.org', email_verified: 'true', 'cognito:user_status': 'CONFIRMED' },
      },
    },
  ])
})

it('undoes nothing when it throws: the next code signs in', async () => {
  await signUpUser(server, at.clientId, 'unlucky', { email: 'unlucky@example.org' })
  await expectRefusal(signInByCode('unlucky'), 'UserLambdaValidationException')
  const { UserStatus } = await server.admin.send(
    new AdminGetUserCommand({ UserPoolId: at.poolId, Username: 'unlucky' }),
  )
  expect(UserStatus).toBe('CONFIRMED')
  expect((await signInByCode('unlucky')).AuthenticationResult).toBeDefined()
})
