import { expect, it } from 'vitest'
import { readConfig } from '../config/config.ts'
import { mailboxOf, messageBudgets } from './message-budget-rules.ts'

const config = readConfig({})
const address = { kind: 'address', of: ['192.0.2.1'] } as const

it.each([
  ['victim@example.com', 'victim@example.com'],
  ['Victim+1@Example.COM', 'victim@example.com'],
  ['victim+a+b@example.com.', 'victim@example.com'],
  ['v.ic.tim+x@GoogleMail.com', 'victim@gmail.com'],
  ['v.ictim@example.com', 'v.ictim@example.com'],
  ['+1@example.com', '+1@example.com'],
])('%s is the mailbox %s', (text, mailbox) => {
  expect(mailboxOf(text)).toBe(mailbox)
})

it('counts SMS by address, pool, country, prefix and destination, what tells nothing of the user first', () => {
  const message = { medium: 'SMS', userPoolId: 'p', destination: { to: '+4917012345678' }, proven: false } as const
  expect(messageBudgets(config, [address], message).map(({ kind, of, bound }) => [kind, of, bound.hour])).toEqual([
    ['address', ['192.0.2.1'], 60],
    ['pool', ['p', 'unproven'], 1000],
    ['country', ['p', 'unproven', 'DE'], 800],
    ['prefix', ['p', 'unproven', '+491701234'], 20],
    ['destination', ['p', 'unproven', '+4917012345678'], 6],
  ])
})

it('counts e-mail by address, pool and mailbox, with bounds of its own', () => {
  const message = { medium: 'EMAIL', userPoolId: 'p', destination: { to: 'A+1@b.example' }, proven: true } as const
  expect(messageBudgets(config, [], message).map(({ kind, of, bound }) => [kind, of, bound.hour])).toEqual([
    ['pool', ['p', 'proven'], 10_000],
    ['destination', ['p', 'proven', 'a@b.example'], 20],
  ])
})

it('counts a simulated message as often, but against nobody', () => {
  const message = { medium: 'SMS', userPoolId: 'p', proven: false } as const
  const real = messageBudgets(config, [address], { ...message, destination: { to: '+4917012345678' } })
  const simulated = messageBudgets(config, [address], { ...message, destination: { nobody: '?x' } })
  expect(simulated.map(({ kind }) => kind)).toEqual(real.map(({ kind }) => kind))
  expect(simulated.slice(2).map(({ of }) => of[2])).toEqual(['?x', '?x', '?x'])
})
