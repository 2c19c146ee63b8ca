// Which region the address of a request names: `/regions/REGION` before the path, or a host such as
// `cognito-idp.REGION.example.com`. An address without one leads to each pool where it is primary
// (docs/behaviour/replicas.md). Pure.

const REGION_PATH = /^\/regions\/([a-z]{2,}(?:-[a-z]+)+-\d)(\/.*)?$/
/** Hosts of the service, as AWS names them. */
const SERVICE_HOST = /^cognito-(?:idp|identity|sync)\.([a-z0-9-]+)\./

export interface RequestRegion {
  /** Undefined for an address that names none. */
  readonly region: string | undefined
  /** The path without the region, undecoded. */
  readonly path: string
}

/** The path that addresses of a region begin with, below PUBLIC_URL. */
export const regionPrefix = (region: string): string => `/regions/${region}`

/** The region that a host names, in lower case with or without a port, if it is one of `regions`. */
export function regionOfHost(regions: readonly string[], host: string): string | undefined {
  const [, region] = SERVICE_HOST.exec(host) ?? []
  return region !== undefined && regions.includes(region) ? region : undefined
}

/**
 * The region that a request names by its address. A path may name any: the request is then answered as in a region without
 * pools. A host names one of `regions` alone, so that no other host changes its meaning.
 */
export function requestRegion(regions: readonly string[], host: string | undefined, rawPath: string): RequestRegion {
  const [, region, rest = '/'] = REGION_PATH.exec(rawPath) ?? []
  if (region !== undefined) return { region, path: rest }
  return { region: regionOfHost(regions, host?.toLowerCase() ?? ''), path: rawPath }
}
