// Joining two changes of one value.
import { same } from './values.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Joins two changes of one value: what only one side changed is taken from there, members of objects one by one, and where
 * both changed the same, `prefer` decides.
 */
export function merge3(base: unknown, local: unknown, remote: unknown, prefer: 'local' | 'remote'): unknown {
  if (same(local, base)) return remote
  if (same(remote, base) || same(remote, local)) return local
  if (!isObject(local) || !isObject(remote)) return prefer === 'local' ? local : remote
  const from = isObject(base) ? base : {}
  const joined: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(remote), ...Object.keys(local)])) {
    const value = merge3(from[name], local[name], remote[name], prefer)
    if (value !== undefined) joined[name] = value
  }
  return joined
}
