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

test('operations of our own are told apart, and not counted', () => {
  const own = service({ GetC: { differs: 'Other.' } })
  own.model.operations.GetC = { own: true }
  const page = compatibilityPage([own], written)
  expect(page).toContain('## A service: 2 done, 0 partly, of 3\n')
  expect(page).toMatch(
    /\| GetD \| not yet \| \|\n\n### Operations of our own, .*\n\n.*\n.*\n\| GetC \| done \| Other\. \|\n/,
  )
})

test('differences of what is not implemented are refused', () => {
  expect(() => compatibilityPage([service({ GetD: { missing: 'All.' } })], written)).toThrow('GetD')
})
