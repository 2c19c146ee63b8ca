import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createSealer } from '../../crypto/seal.ts'
import { belongsToGeneration, newSignInId } from './sign-in-id.ts'

const sealer = createSealer({ current: randomBytes(32) })
const random = { bytes: randomBytes }
const owner = { userPoolId: 'us-east-1_AbCdEfGhI', sub: '11111111-2222-4333-8444-555555555555', tokenGeneration: 7 }

it('belongs to the user and generation it was made for, and to no other', () => {
  for (let i = 0; i < 200; i++) {
    const id = newSignInId(sealer, random, owner)
    expect(belongsToGeneration(sealer, id, owner)).toBe(true)
    expect(belongsToGeneration(sealer, id, { ...owner, tokenGeneration: 8 })).toBe(false)
    expect(belongsToGeneration(sealer, id, { ...owner, tokenGeneration: 6 })).toBe(false)
    expect(belongsToGeneration(sealer, id, { ...owner, sub: '21111111-2222-4333-8444-555555555555' })).toBe(false)
    expect(belongsToGeneration(sealer, id, { ...owner, userPoolId: 'us-east-1_Other0000' })).toBe(false)
  }
})

it('looks like a version 4 UUID and differs each time', () => {
  const ids = Array.from({ length: 1000 }, () => newSignInId(sealer, random, owner))
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids).size).toBe(ids.length)
})

it('stays valid when the master key is replaced, if the old one is listed', () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)]
  const id = newSignInId(createSealer({ current: old }), random, owner)
  const rotated = createSealer({ current: fresh, previous: [old] })
  expect(belongsToGeneration(rotated, id, owner)).toBe(true)
  expect(belongsToGeneration(rotated, id, { ...owner, tokenGeneration: 8 })).toBe(false)
  expect(belongsToGeneration(createSealer({ current: fresh }), id, owner)).toBe(false)
})

it('refuses texts that are not ids', () => {
  for (const id of ['', 'x', '11111111-2222-4333-8444-555555555555', '1'.repeat(1000)])
    expect(belongsToGeneration(sealer, id, owner)).toBe(false)
})
