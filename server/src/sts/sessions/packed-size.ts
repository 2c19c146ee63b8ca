// The share of the allowed size that session policies and tags of a request take. AWS packs them in an unknown format
// and reports a percentage of an unknown size; here it is the deflated size (docs/behaviour/sts.md).
import { deflateRawSync } from 'node:zlib'
import { limits } from '../limits.ts'

export interface Packed {
  policies?: readonly string[] | undefined
  policyArns?: readonly string[] | undefined
  tags?: Readonly<Record<string, string>> | undefined
}

/** The most bytes that deflate adds to a text of less than 16 KiB that it cannot make shorter (RFC 1951 3.2.4). */
const DEFLATE_OVERHEAD = 16

/** PackedPolicySize: a percentage, rounded up; undefined when there is nothing to pack. */
export function packedPolicySize(packed: Packed): number | undefined {
  if (isEmpty(packed)) return undefined
  return Math.ceil((deflateRawSync(textOf(packed)).byteLength / limits.packed.max) * 100)
}

/** The percentage of a request that is too large, else undefined. A text that fits as it is need not be deflated. */
export function exceededPackedSize(packed: Packed): number | undefined {
  if (isEmpty(packed)) return undefined
  const text = textOf(packed)
  if (Buffer.byteLength(text) + DEFLATE_OVERHEAD <= limits.packed.max) return undefined
  const percent = packedPolicySize(packed)
  return percent !== undefined && percent > 100 ? percent : undefined
}

const isEmpty = ({ policies = [], policyArns = [], tags = {} }: Packed): boolean =>
  policies.length === 0 && policyArns.length === 0 && Object.keys(tags).length === 0

const textOf = ({ policies = [], policyArns = [], tags = {} }: Packed): string =>
  JSON.stringify([policies, policyArns, Object.entries(tags)])

/** The text of PackedPolicyTooLarge. */
export function packedProblem({ policies = [], policyArns = [] }: Packed, percent: number): string {
  return policies.length === 0 && policyArns.length === 0
    ? `Packed size of session tags consumes ${percent}% of allotted space.`
    : `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
}
