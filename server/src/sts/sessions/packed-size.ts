// The share of the allowed size that session policies and tags of a request take. AWS packs them in an unknown format
// and reports a percentage of an unknown size; here it is the deflated size (docs/behaviour/sts.md).
import { deflateRawSync } from 'node:zlib'
import { limits } from '../limits.ts'

export interface Packed {
  policies?: readonly string[] | undefined
  policyArns?: readonly string[] | undefined
  tags?: Readonly<Record<string, string>> | undefined
}

/** PackedPolicySize: a percentage, rounded up; undefined when there is nothing to pack. */
export function packedPolicySize({ policies = [], policyArns = [], tags = {} }: Packed): number | undefined {
  if (policies.length === 0 && policyArns.length === 0 && Object.keys(tags).length === 0) return undefined
  const packed = deflateRawSync(JSON.stringify([policies, policyArns, Object.entries(tags)]))
  return Math.ceil((packed.byteLength / limits.packed.max) * 100)
}

/** The text of PackedPolicyTooLarge. */
export function packedProblem({ policies = [], policyArns = [] }: Packed, percent: number): string {
  return policies.length === 0 && policyArns.length === 0
    ? `Packed size of session tags consumes ${percent}% of allotted space.`
    : `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
}
