import { expect, it } from 'vitest'
import { buildRoutes } from './table.ts'

it('every table names operations of its contract, each once', async () => {
  await expect(buildRoutes().load()).resolves.toBeUndefined()
})
