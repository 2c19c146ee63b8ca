// What an implemented operation of Cognito Sync does in another way than the service, for docs/compatibility.md.
import type { Difference } from '../service.ts'

const usage: Difference = {
  differs: 'Counted since the pool was made, and written once a second.',
}

export const differences: Readonly<Record<string, Difference>> = {
  DescribeIdentityPoolUsage: usage,
  ListIdentityPoolUsage: usage,
  ListRecords: {
    differs: "The counts of a merged identity's datasets go on, and do not start again at 1.",
  },
  UpdateRecords: {
    missing:
      'The SyncTrigger, pushes to devices and the record stream are not here yet: there is nothing to set for them.',
    differs:
      'Keys may have 1,024 bytes. The character U+0000 is refused in keys and values. ClientContext is not read.',
  },
}
