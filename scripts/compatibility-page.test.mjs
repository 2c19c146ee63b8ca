import { expect, test } from 'vitest'
import { compatibilityPage } from './compatibility-page.mjs'

const service = (differences) => ({
  title: 'A service',
  model: { service: 'a', operations: { GetB: {}, GetA: {}, GetC: {}, GetD: {} } },
  differences,
})
const written = [['GetA', 'GetB', 'GetC'].map((name) => ({ name }))]

test('an operation is done only when nothing about it is missing', () => {
  const page = compatibilityPage(
    [service({ GetB: { missing: 'Less.', differs: 'So.' }, GetC: { differs: 'Other.' } })],
    written,
  )
  expect(page).toContain(`## A service: 2 done, 1 partly, of 4

| Operation | State | Notes |
|---|---|---|
| GetA | done | |
| GetB | partly | Less. So. |
| GetC | done | Other. |
| GetD | not yet | |
`)
})

test('differences of what is not implemented are refused', () => {
  expect(() => compatibilityPage([service({ GetD: { missing: 'All.' } })], written)).toThrow('GetD')
})
