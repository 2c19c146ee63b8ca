// What an implemented operation of IAM does not do as the service does it, for docs/compatibility.md.
import type { Difference } from '../service.ts'

const managedPolicies: Difference = {
  missing: "Of AWS's managed policies those about Cognito, IAM and STS are here, in our wording.",
}

const simulation: Difference = {
  missing: 'OrderedOrganizationPolicyInputList is refused by name: there are no organizations.',
  differs: 'The work of a decision and of a page is bounded (docs/limits.md).',
}

export const differences: Readonly<Record<string, Difference>> = {
  CreateServiceLinkedRole: { missing: 'Roles of the two services of user pools only.' },
  GetPolicy: managedPolicies,
  GetPolicyVersion: managedPolicies,
  ListPolicies: managedPolicies,
  SimulateCustomPolicy: simulation,
  SimulatePrincipalPolicy: simulation,
}
