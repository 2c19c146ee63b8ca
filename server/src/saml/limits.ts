import type { Limits } from '../limit.ts'

export const limits = {
  metadata: { max: 10_000_000, unit: 'characters', bounds: 'metadata document' },
  metadataElements: { max: 20_000, bounds: 'elements of a metadata document' },
  // The bound of STS, and of the assertion consumer service.
  response: {
    max: 100_000,
    unit: 'characters',
    bounds: 'response in base64',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 15.2',
  },
  responseElements: { max: 3000, bounds: 'elements of a response' },
  depth: { max: 64, bounds: 'nesting of elements' },
  attributes: { max: 64, bounds: 'attributes of an element' },
  // Bounded because canonicalization reads them for each element.
  namespaces: { max: 64, bounds: 'namespaces of an element and those around it' },
  prefixes: { max: 16, bounds: 'prefixes that a signature names' },
  entityId: { max: 1024, unit: 'characters', bounds: 'entity id', source: 'saml-metadata 2.2.1' },
  // Each may be tried to verify a signature.
  certificates: { max: 32, bounds: 'certificates of a provider' },
  logoutAge: { max: 300, unit: 'seconds', bounds: 'age of a LogoutRequest or LogoutResponse of a provider' },
  clockSkew: { max: 60, unit: 'seconds', bounds: "difference of a provider's clock" },
} as const satisfies Limits
