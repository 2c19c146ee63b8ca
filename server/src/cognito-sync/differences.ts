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
  RegisterDevice: {
    differs:
      'PUSH_FILE says what pushes to the devices of an application, SNS or the push services themselves. WEBPUSH is a further platform.',
  },
  SetIdentityPoolConfiguration: {
    differs:
      'STREAMS_FILE says where the records of a stream go, Kinesis or elsewhere. A change of more than 900 kB goes to S3 where the place has largeRecords, and otherwise comes in several records. Roles are not assumed.',
  },
  UpdateRecords: {
    differs:
      'Keys may have 1,024 bytes. The character U+0000 is refused in keys and values. ClientContext is not read.',
  },
}
