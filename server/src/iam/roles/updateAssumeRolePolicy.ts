import { changeEntity, named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { refuseServiceLinked } from '../policies/holders.ts'
import { readTrustPolicy } from './trust-policy.ts'

/** Replaces the trust policy. */
export const updateAssumeRolePolicy = operation('UpdateAssumeRolePolicy', async (context, { input }) => {
  const trust = await readTrustPolicy(context, input.PolicyDocument)
  await changeEntity(context, named('role', input.RoleName), (role) => {
    refuseServiceLinked(role)
    const { trustedIds, ...settings } = role.settings
    return { ...settings, ...trust }
  })
})
