// What the resource gate protects (docs/gate.md).
import { readFileSync } from 'node:fs'
import type { AddressSet } from '../address-ranges.ts'
import { type GateRoute, readRoutes } from '../gate-routes.ts'
import type { SettingsReader } from '../settings-reader.ts'

export interface GateConfig {
  /** Routes of the gate, by name. */
  readonly gateRoutes: ReadonlyMap<string, GateRoute>
  /** The proxies and servers that may ask the gate. */
  readonly gateCallers: AddressSet
}

export function readGate(read: SettingsReader): GateConfig {
  return { gateRoutes: readRouteFile(read), gateCallers: read.addresses('GATE_CALLERS') }
}

function readRouteFile(read: SettingsReader): GateConfig['gateRoutes'] {
  const file = read.text('GATE_ROUTES')
  try {
    if (file !== undefined) return readRoutes(readFileSync(file, 'utf8'))
  } catch (error) {
    read.report(`GATE_ROUTES names ${file}, which cannot be used: ${(error as Error).message}`)
  }
  return new Map()
}
