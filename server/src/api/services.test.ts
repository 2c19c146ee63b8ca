import { expect, it } from 'vitest'
import { buildRoutes } from './routes.ts'

it('every service lists operations of its contract, each once', async () => {
  await expect(buildRoutes().load('all')).resolves.toBeUndefined()
})
