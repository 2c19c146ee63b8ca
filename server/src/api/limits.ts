import { variables } from '../config/env.ts'
import type { Limits } from '../limit.ts'

/** Of a request of the AWS API, whatever the operation. */
export const limits = {
  body: { max: 1024 * 1024, unit: 'bytes', bounds: 'body of a request; what is longer is not read' },
  jsonDepth: { max: 64, bounds: 'nesting of a JSON body', source: 'docs/behaviour/requests.md' },
  // The largest that any operation has a use for is some thousands.
  jsonValues: {
    max: 10_000,
    bounds: 'members and items of a JSON body together',
    source: 'docs/behaviour/requests.md',
  },
  formFields: { max: 10_000, bounds: 'fields of a form (STS and IAM)', source: 'docs/behaviour/requests.md' },
  formDepth: { max: 32, bounds: 'names between dots in the name of a field', source: 'docs/behaviour/requests.md' },
  // More would only make the message long, and finding them the answer late.
  violations: { max: 50, bounds: 'broken constraints that one answer names' },
  valueShown: { max: 1024, unit: 'characters', bounds: 'what such an answer shows of a value' },
  publicCalls: {
    max: Number(variables.PUBLIC_CALLS_PER_MINUTE.default),
    unit: 'a minute',
    bounds: 'calls of one address without valid credentials',
    setting: 'PUBLIC_CALLS_PER_MINUTE',
    source: 'docs/reference/threats.md 39, 50',
  },
  // Some 10 MB. Of more, those go that called least recently.
  addresses: { max: 65_536, bounds: 'addresses whose calls one process counts' },
} as const satisfies Limits
