import { describe, expect, it } from 'vitest'
import { useTestServer } from '../../test/harness.ts'
import { queryCall } from '../../test/sessions.ts'

describe('actions that STS does not have', () => {
  const server = useTestServer()

  it('InvalidAction for unknown actions', async () => {
    const call = (Action: string, Version = '2011-06-15') => queryCall(server, { Action, Version })
    const text = 'Could not find operation AssumeEverything for version 2011-06-15'
    expect(await call('AssumeEverything')).toMatchObject({ status: 400, code: 'InvalidAction', message: text })
    expect(await call('GetCallerIdentity', '2001-01-01')).toMatchObject({ status: 400, code: 'InvalidAction' })
  })
})
