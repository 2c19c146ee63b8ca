// The message about a sign-in with a risk, and the feedback that its token and its links give.
import {
  SetRiskConfigurationCommand,
  type SetRiskConfigurationCommandInput,
  UpdateAuthEventFeedbackCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { expectRefusal, makeClient, makePool, makeUser, type TestPool, useTestServer } from '../../../test/harness.ts'
import { AWAY, ENFORCED, eventsOf, HOME, signInFrom } from '../../../test/threats.ts'

const SourceArn = 'arn:aws:ses:us-east-1:000000000000:identity/alerts@example.com'
const INVALID = 'Invalid feedback token'

describe('UpdateAuthEventFeedback and the message before it', () => {
  const server = useTestServer()
  let pool: TestPool
  const makeProtected = async (): Promise<TestPool> => {
    const { Id } = await makePool(server, ENFORCED)
    const made = { poolId: Id, clientId: (await makeClient(server, Id)).ClientId }
    for (const name of ['ann', 'bob']) {
      await makeUser(server, Id, name, { email: `${name}-${Id}@example.com`, email_verified: 'true' })
      await signInFrom(server, made, HOME, { username: name })
    }
    server.clock.advance(60_000)
    return made
  }
  beforeEach(async () => {
    pool = await makeProtected()
  })
  const configure = (
    words: Omit<
      NonNullable<
        NonNullable<SetRiskConfigurationCommandInput['AccountTakeoverRiskConfiguration']>['NotifyConfiguration']
      >,
      'SourceArn'
    > = {},
    { poolId } = pool,
  ) =>
    server.admin.send(
      new SetRiskConfigurationCommand({
        UserPoolId: poolId,
        AccountTakeoverRiskConfiguration: {
          Actions: { MediumAction: { Notify: true, EventAction: 'NO_ACTION' } },
          NotifyConfiguration: { SourceArn, ...words },
        },
      }),
    )
  const token = { NoActionEmail: { Subject: 'Sign-in of {username}', HtmlBody: '{event-id} {feedback-token}' } }
  /** A sign-in from elsewhere, and the message about it. */
  const away = async (username = 'ann', at = pool) => {
    await signInFrom(server, at, AWAY, { username })
    const to = `${username}-${at.poolId}@example.com`
    return (await server.outbox.messages(1000)).find((message) => message.to === to)
  }
  const give = (input: Partial<ConstructorParameters<typeof UpdateAuthEventFeedbackCommand>[0]>) =>
    server.app.send(
      new UpdateAuthEventFeedbackCommand({
        UserPoolId: pool.poolId,
        Username: 'ann',
        EventId: undefined,
        FeedbackToken: undefined,
        FeedbackValue: 'Invalid',
        ...input,
      }),
    )
  const partsOf = (body = '') => {
    const [EventId, FeedbackToken] = body.split(' ')
    return { EventId, FeedbackToken }
  }
  const feedback = async (Username = 'ann') => (await eventsOf(server, pool.poolId, Username))[0]?.EventFeedback

  it('the message has the words of the configuration, every value escaped', async () => {
    const HtmlBody =
      '{ip-address}|{city}|{country}|{login-time}|{device-name}|{unknown}|<a href="{one-click-link-invalid}">no</a>'
    await configure({ From: 'alerts@example.com', NoActionEmail: { Subject: 'Sign-in of {username}', HtmlBody } })
    const message = await away()
    expect(message).toMatchObject({ subject: 'Sign-in of ann', from: 'alerts@example.com' })
    expect(message?.body).toMatch(
      /^198\.51\.100\.7\|unknown\|unknown\|\w{3}, .* GMT\|Chrome 125 \/ Windows 10\|\{unknown\}\|/,
    )
    expect(message?.body).toContain(`<a href="${server.publicUrl}/feedback?pool=${pool.poolId}&amp;user=ann&amp;event=`)
  })

  it('has words of its own where the configuration has none, and goes to nobody without a risk', async () => {
    await configure()
    expect((await away('bob'))?.body).toContain('Was it you?')
    const before = (await server.outbox.messages(1000)).length
    await signInFrom(server, pool, HOME)
    expect(await server.outbox.messages(1000)).toHaveLength(before)
  })

  it('its token gives feedback on its event, again and again', async () => {
    await configure(token)
    const message = await away()
    await give(partsOf(message?.body))
    expect(await feedback()).toMatchObject({ FeedbackValue: 'Invalid', Provider: 'User' })
    await give({ ...partsOf(message?.body), FeedbackValue: 'Valid' })
    expect(await feedback()).toMatchObject({ FeedbackValue: 'Valid', Provider: 'User' })
  })

  it('no token is good for another event, user or pool, nor a week later', async () => {
    const other = await makeProtected()
    await configure(token)
    await configure(token, other)
    const ann = partsOf((await away())?.body)
    const bob = partsOf((await away('bob'))?.body)
    const elsewhere = partsOf((await away('ann', other))?.body)
    const refused = (input: Parameters<typeof give>[0]) => expectRefusal(give(input), 'NotAuthorizedException', INVALID)
    await refused({ ...ann, FeedbackToken: bob.FeedbackToken })
    await refused({ ...bob })
    await refused({ ...bob, Username: 'nobody' })
    await refused({ ...elsewhere })
    await refused({ ...ann, FeedbackToken: `${ann.FeedbackToken?.slice(0, -4)}AAAA` })
    server.clock.advance(7 * 24 * 60 * 60 * 1000 + 1000)
    await refused(ann)
    expect(await feedback()).toBeUndefined()
  })

  it('a link asks, and writes nothing before it was confirmed', async () => {
    await configure({ NoActionEmail: { Subject: 'Hello', HtmlBody: '{one-click-link-invalid}' } })
    const link = (await away())?.body.replaceAll('&amp;', '&') ?? ''
    const page = await fetch(link)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
    const html = await page.text()
    expect(html).toContain('<form method="post"')
    expect(await feedback()).toBeUndefined()
    const action = /action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const done = await fetch(new URL(action, link), { method: 'POST' })
    expect(await done.text()).toContain('Thank you')
    expect(await feedback()).toMatchObject({ FeedbackValue: 'Invalid', Provider: 'User' })
  })

  it('a link that is not whole, or of another user, changes nothing', async () => {
    await configure({ NoActionEmail: { Subject: 'Hello', HtmlBody: '{one-click-link-invalid}' } })
    const link = (await away())?.body.replaceAll('&amp;', '&') ?? ''
    for (const bad of [link.replace('user=ann', 'user=bob'), link.replace('Invalid', 'Other'), link.slice(0, -5)])
      expect((await fetch(bad, { method: 'POST' })).status).toBe(400)
    expect((await fetch(`${server.publicUrl}/feedback`)).status).toBe(400)
    expect(await feedback()).toBeUndefined()
    expect(await feedback('bob')).toBeUndefined()
  })
})
