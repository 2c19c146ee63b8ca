import { describe, it } from 'vitest'
import { INVALID_SESSION, responder, srpBeginner } from '../../../test/challenges.ts'
import { engines, expectRefusal, makeUser, PASSWORD, usePool, useTestServer } from '../../../test/harness.ts'
import { srpAnswer } from '../../../test/srp-client.ts'

// What each challenge takes is tested beside it, in challenges/.
describe.each(engines)('RespondToAuthChallenge on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)
  let sequence = 0
  const newName = (): string => `user${++sequence}`
  const respond = responder(server, at)
  const begin = srpBeginner(server, at)

  it('takes a session only for the challenge that it was made for', async () => {
    const name = newName()
    await makeUser(server, at.poolId, name)
    const { start, challenge } = await begin(name)
    const answer = srpAnswer(at.poolId, start, challenge, PASSWORD)
    const block = answer.PASSWORD_CLAIM_SECRET_BLOCK as string
    const asked = (session: string) =>
      respond('NEW_PASSWORD_REQUIRED', { USERNAME: name, NEW_PASSWORD: PASSWORD }, session)
    await expectRefusal(asked(block.slice(0, 2048)), 'NotAuthorizedException', INVALID_SESSION)
    // The contract's bound on Session.
    await expectRefusal(asked(block), 'InvalidParameterException', /^1 validation error detected: Value at 'session'/)
  })

  it('refuses the challenge that AdminRespondToAuthChallenge alone answers', () =>
    expectRefusal(
      respond('ADMIN_NO_SRP_AUTH', { USERNAME: 'x', PASSWORD: '1' }, 'x'.repeat(30)),
      'InvalidParameterException',
      'The challenge ADMIN_NO_SRP_AUTH is answered by AdminRespondToAuthChallenge alone.',
    ))

  it('refuses unknown challenges', () =>
    expectRefusal(
      respond('NO_SUCH' as never, { USERNAME: 'x' }),
      'InvalidParameterException',
      /^1 validation error detected: Value 'NO_SUCH' at 'challengeName'/,
    ))
})
