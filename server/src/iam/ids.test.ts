import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import type { EntityKind } from './entity-types.ts'
import { newEntityId } from './ids.ts'

it.each([
  ['role', 'AROA'],
  ['user', 'AIDA'],
  ['group', 'AGPA'],
  ['policy', 'ANPA'],
] as [EntityKind, string][])('the id of a %s begins with %s', (kind, prefix) => {
  const id = newEntityId({ bytes: randomBytes }, kind)
  expect(id).toMatch(new RegExp(`^${prefix}[A-Z2-7]{17}$`))
  expect(newEntityId({ bytes: randomBytes }, kind)).not.toBe(id)
})
