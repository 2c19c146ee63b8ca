import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { packedPolicySize, packedProblem } from './packed-size.ts'

const policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'

test('without policies and tags there is no size', () => {
  expect(packedPolicySize({})).toBeUndefined()
  expect(packedPolicySize({ policies: [], policyArns: [], tags: {} })).toBeUndefined()
})

test('a small policy or tag takes a few percent', () => {
  for (const packed of [{ policies: [policy] }, { policyArns: ['arn:aws:iam::aws:policy/x'] }, { tags: { a: 'b' } }]) {
    expect(packedPolicySize(packed)).toBeGreaterThanOrEqual(1)
    expect(packedPolicySize(packed)).toBeLessThan(10)
  }
})

test('inline policies, ARNs and tags all count', () => {
  const one = packedPolicySize({ policies: [policy] }) as number
  const more = packedPolicySize({ policies: [policy], tags: { [randomBytes(48).toString('hex')]: 'x' } }) as number
  expect(more).toBeGreaterThan(one)
})

test('a size beyond the limit is more than 100', () => {
  const tags = Object.fromEntries(
    Array.from({ length: 50 }, () => [randomBytes(32).toString('hex'), randomBytes(64).toString('hex')]),
  )
  const percent = packedPolicySize({ tags }) as number
  expect(percent).toBeGreaterThan(100)
  expect(packedProblem({ tags }, percent)).toBe(`Packed size of session tags consumes ${percent}% of allotted space.`)
  expect(packedProblem({ tags, policies: [policy] }, 105)).toBe(
    'Packed policy consumes 105% of allotted space, please use smaller policy.',
  )
})
