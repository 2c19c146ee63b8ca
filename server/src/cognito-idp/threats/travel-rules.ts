// How fast somebody would have had to travel between two sign-ins. Pure. The places of addresses are guesses with a radius
// (GEOIP_FILE), so what lies within the radii is no distance, and a short way is none at all.
import type { Coordinates } from '../../addresses/places.ts'
import { limits } from '../limits.ts'

export interface Whereabouts {
  readonly coordinates?: Coordinates | undefined
  /** Epoch milliseconds. */
  readonly at: number
}

const EARTH_RADIUS_KM = 6371
const HOUR_MS = 60 * 60 * 1000

/** Kilometres an hour, Infinity for two places at once; 0 where a place is not known, or the other one is near. */
export function speedBetween(one: Whereabouts, other: Whereabouts): number {
  if (!one.coordinates || !other.coordinates) return 0
  const apart = distance(one.coordinates, other.coordinates) - one.coordinates.radius - other.coordinates.radius
  return apart <= limits.travelIgnored.max ? 0 : apart / (Math.abs(other.at - one.at) / HOUR_MS)
}

/** Kilometres on the great circle, by the haversine formula. */
function distance(one: Coordinates, other: Coordinates): number {
  const half = (a: number, b: number) => Math.sin(radians(b - a) / 2) ** 2
  const along =
    half(one.longitude, other.longitude) * Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude))
  // Rounding may lift the sum above 1 for opposite points.
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(half(one.latitude, other.latitude) + along)))
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180
