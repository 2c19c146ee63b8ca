import { describe, expect, it, test } from 'vitest'
import { issuerOf, issuersOf, poolOfIssuer } from './issuer-rules.ts'

const URL = 'https://id.example.com/auth'
const pool = { id: 'us-east-1_AbC', settings: {} }
const updated = { ...pool, settings: { IssuerConfiguration: { Type: 'UPDATED' } } } as const

describe('the issuer of a pool', () => {
  it('is its address, or one for all regions', () => {
    const addressedIn = 'eu-west-1'
    expect(issuerOf(URL, pool)).toBe(`${URL}/us-east-1_AbC`)
    expect(issuerOf(URL, { ...pool, addressedIn })).toBe(`${URL}/regions/eu-west-1/us-east-1_AbC`)
    expect(issuerOf(URL, updated)).toBe(`${URL}/issuer/us-east-1_AbC`)
    expect(issuerOf(URL, { ...updated, addressedIn })).toBe(`${URL}/issuer/us-east-1_AbC`)
    expect(issuersOf(URL, pool.id)).toEqual([issuerOf(URL, pool), issuerOf(URL, updated)])
  })

  it('leads back to the pool', () => {
    for (const one of [pool, updated, { ...pool, addressedIn: 'us-gov-west-1' }])
      expect(poolOfIssuer(URL, issuerOf(URL, one))).toBe(pool.id)
  })
})

// What is left is looked up, and is the id of no pool.
test.each([
  ['https://id.example.com/us-east-1_AbC', undefined],
  ['https://id.example.com/auth', undefined],
  ['https://id.example.com/authx/us-east-1_AbC', undefined],
  [undefined, undefined],
  [['https://id.example.com/auth/us-east-1_AbC'], undefined],
  [`${URL}/issuer/issuer/us-east-1_AbC`, 'issuer/us-east-1_AbC'],
  [`${URL}/regions/../us-east-1_AbC`, 'regions/../us-east-1_AbC'],
  [`${URL}/us-east-1_AbC/`, 'us-east-1_AbC/'],
])('%j names no pool: %s', (issuer, rest) => expect(poolOfIssuer(URL, issuer)).toBe(rest))
