import { variables } from '../config/env.ts'
import type { Limits } from '../limit.ts'

/** Of a request of the AWS API, whatever the operation. */
export const limits = {
  body: { max: 1024 * 1024, unit: 'bytes', bounds: 'body of a request; what is longer is not read' },
  largeBody: {
    max: 2 * 1024 * 1024,
    unit: 'bytes',
    bounds: 'body of a request that brings images (styles of managed login) or records (Cognito Sync)',
    source: 'docs/reference/oauth-and-federation.md 17.6',
  },
  jsonDepth: { max: 64, bounds: 'nesting of a JSON body', source: 'docs/behaviour/requests.md' },
  // The largest useful input of any operation has some thousands.
  jsonValues: {
    max: 10_000,
    bounds: 'members and items of a JSON body together',
    source: 'docs/behaviour/requests.md',
  },
  formFields: { max: 10_000, bounds: 'fields of a form (STS and IAM)', source: 'docs/behaviour/requests.md' },
  formDepth: { max: 32, bounds: 'names between dots in the name of a field', source: 'docs/behaviour/requests.md' },
  // More violations would only make the message long and the check slow.
  violations: { max: 50, bounds: 'broken constraints that one answer names' },
  valueShown: { max: 1024, unit: 'characters', bounds: 'what such an answer shows of a value' },
  publicCalls: {
    max: Number(variables.PUBLIC_CALLS_PER_MINUTE.default),
    unit: 'a minute',
    bounds: 'calls of one address without valid credentials',
    setting: 'PUBLIC_CALLS_PER_MINUTE',
    source: 'docs/reference/threats.md 39, 50',
  },
  // At 2.5 ms for a sign-in, what is in slots takes 160 ms of one core; so the slowest admitted call has its answer within a
  // second. Far more would wait than be served.
  costlyCalls: { max: 64, bounds: 'calls with exponentiations or signatures that one process works on' },
  costlyCallsQueued: { max: 512, bounds: 'such calls that wait' },
  costlyCallsQueuedFor: { max: 500, unit: 'ms', bounds: 'time that such a call waits before it is refused' },
  // A refusal takes 0.1 to 0.2 ms: all of them a thirtieth of a core.
  overloadRefusals: { max: 200, unit: 'a second', bounds: 'refusals of such calls; further ones are sent later' },
  overloadRefusalDelay: { max: 20_000, unit: 'ms', bounds: 'time after which such a refusal is sent at the latest' },
  // Some 10 MB. Beyond that, the least recently used bucket is dropped.
  addresses: { max: 65_536, bounds: 'addresses whose calls one process counts' },
} as const satisfies Limits
