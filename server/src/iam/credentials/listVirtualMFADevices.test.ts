import { ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('ListVirtualMFADevices', () => {
  const server = useTestServer()

  it('is empty for every assignment status', async () => {
    for (const AssignmentStatus of [undefined, 'Assigned', 'Unassigned', 'Any'] as const) {
      const answer = await iamClient(server).send(new ListVirtualMFADevicesCommand({ AssignmentStatus }))
      expect([answer.VirtualMFADevices, answer.IsTruncated]).toEqual([[], false])
    }
  })

  it('ValidationError for a marker, and for an unknown status', async () => {
    const call = (input: object) => iamClient(server).send(new ListVirtualMFADevicesCommand(input))
    await expectRefusal(call({ Marker: 'x' }), 'ValidationError', 'Invalid Marker.')
    await expectRefusal(call({ AssignmentStatus: 'Lost' }), 'ValidationError', /assignmentStatus.*enum value set/)
  })

  it('refuses callers without permission', async () => {
    const call = new ListVirtualMFADevicesCommand({})
    await expectDenied(server, (iam) => iam.send(call), 'iam:ListVirtualMFADevices', '*')
  })
})
