// What the EncodedData of a client tells of its device: the fingerprint that the scripts of the service collect, base64 of
// JSON with a `payload` of JSON (amazon-cognito-advanced-security-data.min.js). Whoever sends it may have made it up, so it
// is a hint and nothing more (docs/reference/threats.md 66). Pure.
import { limits } from '../limits.ts'

export interface Fingerprint {
  readonly deviceId?: string
  readonly timezone?: string
}

/** The members that are there, none for what is no fingerprint. */
export function readFingerprint(encoded: string | undefined): Fingerprint {
  if (encoded === undefined || encoded.length > limits.encodedData.max) return {}
  try {
    const outer = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { payload?: unknown }
    const payload = (typeof outer.payload === 'string' ? JSON.parse(outer.payload) : outer.payload) as {
      contextData?: Record<string, unknown>
    }
    const data = payload.contextData ?? {}
    return { ...text('deviceId', data.DeviceId ?? data.DeviceFingerprint), ...text('timezone', data.ClientTimezone) }
  } catch {
    return {}
  }
}

const text = (name: keyof Fingerprint, value: unknown): Fingerprint =>
  typeof value === 'string' && value !== '' ? { [name]: value.slice(0, limits.fingerprintPart.max) } : {}
