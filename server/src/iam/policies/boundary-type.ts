import type { AttachedPermissionsBoundary } from '../../contract/iam.types.ts'

/** A boundary as roles and users show it; undefined without one. */
export const boundaryType = (arn: string | undefined): AttachedPermissionsBoundary | undefined =>
  arn === undefined ? undefined : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn }
