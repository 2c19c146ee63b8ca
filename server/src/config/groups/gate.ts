// What the resource gate protects (docs/gate.md).
import { readFileSync } from 'node:fs'
import { type GateRoute, readRoutes } from '../gate-routes.ts'
import type { SettingsReader } from '../settings-reader.ts'

export interface GateConfig {
  /** Routes of the gate, by name. */
  readonly gateRoutes: ReadonlyMap<string, GateRoute>
}

export function readGate(read: SettingsReader): GateConfig {
  const file = read.text('GATE_ROUTES')
  try {
    if (file !== undefined) return { gateRoutes: readRoutes(readFileSync(file, 'utf8')) }
  } catch (error) {
    read.report(`GATE_ROUTES names ${file}, which cannot be used: ${(error as Error).message}`)
  }
  return { gateRoutes: new Map() }
}
