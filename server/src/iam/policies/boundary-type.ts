import type { AttachedPermissionsBoundary } from '../../contract/iam.types.ts'

/** As roles and users show it; undefined without one. */
export const boundaryType = (arn: string | undefined): AttachedPermissionsBoundary | undefined =>
  arn === undefined ? undefined : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn }
