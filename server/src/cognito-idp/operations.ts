// The table of implemented operations of user pools. The server refuses to start when a name is not in the contract; an
// operation of the contract that is missing here gets an error that says that it is not implemented.
import type { AnyOperation } from '../operation.ts'
import { createManagedLoginBranding } from './branding/createManagedLoginBranding.ts'
import { deleteManagedLoginBranding } from './branding/deleteManagedLoginBranding.ts'
import { describeManagedLoginBranding } from './branding/describeManagedLoginBranding.ts'
import { describeManagedLoginBrandingByClient } from './branding/describeManagedLoginBrandingByClient.ts'
import { updateManagedLoginBranding } from './branding/updateManagedLoginBranding.ts'
import { adminForgetDevice } from './devices/adminForgetDevice.ts'
import { adminGetDevice } from './devices/adminGetDevice.ts'
import { adminListDevices } from './devices/adminListDevices.ts'
import { adminUpdateDeviceStatus } from './devices/adminUpdateDeviceStatus.ts'
import { confirmDevice } from './devices/confirmDevice.ts'
import { forgetDevice } from './devices/forgetDevice.ts'
import { getDevice } from './devices/getDevice.ts'
import { listDevices } from './devices/listDevices.ts'
import { updateDeviceStatus } from './devices/updateDeviceStatus.ts'
import { createUserPoolDomain } from './domains/createUserPoolDomain.ts'
import { deleteUserPoolDomain } from './domains/deleteUserPoolDomain.ts'
import { describeUserPoolDomain } from './domains/describeUserPoolDomain.ts'
import { updateUserPoolDomain } from './domains/updateUserPoolDomain.ts'
import { adminAddUserToGroup } from './groups/adminAddUserToGroup.ts'
import { adminListGroupsForUser } from './groups/adminListGroupsForUser.ts'
import { adminRemoveUserFromGroup } from './groups/adminRemoveUserFromGroup.ts'
import { createGroup } from './groups/createGroup.ts'
import { deleteGroup } from './groups/deleteGroup.ts'
import { getGroup } from './groups/getGroup.ts'
import { listGroups } from './groups/listGroups.ts'
import { listUsersInGroup } from './groups/listUsersInGroup.ts'
import { updateGroup } from './groups/updateGroup.ts'
import { adminDisableProviderForUser } from './identities/adminDisableProviderForUser.ts'
import { adminLinkProviderForUser } from './identities/adminLinkProviderForUser.ts'
import { createIdentityProvider } from './identity-providers/createIdentityProvider.ts'
import { deleteIdentityProvider } from './identity-providers/deleteIdentityProvider.ts'
import { describeIdentityProvider } from './identity-providers/describeIdentityProvider.ts'
import { getIdentityProviderByIdentifier } from './identity-providers/getIdentityProviderByIdentifier.ts'
import { getSigningCertificate } from './identity-providers/getSigningCertificate.ts'
import { listIdentityProviders } from './identity-providers/listIdentityProviders.ts'
import { updateIdentityProvider } from './identity-providers/updateIdentityProvider.ts'
import { getLogDeliveryConfiguration } from './log-delivery/getLogDeliveryConfiguration.ts'
import { setLogDeliveryConfiguration } from './log-delivery/setLogDeliveryConfiguration.ts'
import { adminDeleteSoftwareToken } from './mfa/adminDeleteSoftwareToken.ts'
import { adminSetUserMFAPreference } from './mfa/adminSetUserMFAPreference.ts'
import { adminSetUserSettings } from './mfa/adminSetUserSettings.ts'
import { associateSoftwareToken } from './mfa/associateSoftwareToken.ts'
import { getUserPoolMfaConfig } from './mfa/getUserPoolMfaConfig.ts'
import { setUserMFAPreference } from './mfa/setUserMFAPreference.ts'
import { setUserPoolMfaConfig } from './mfa/setUserPoolMfaConfig.ts'
import { setUserSettings } from './mfa/setUserSettings.ts'
import { verifySoftwareToken } from './mfa/verifySoftwareToken.ts'
import { completeWebAuthnRegistration } from './passkeys/completeWebAuthnRegistration.ts'
import { deleteWebAuthnCredential } from './passkeys/deleteWebAuthnCredential.ts'
import { listWebAuthnCredentials } from './passkeys/listWebAuthnCredentials.ts'
import { startWebAuthnRegistration } from './passkeys/startWebAuthnRegistration.ts'
import { changePassword } from './profile/changePassword.ts'
import { deleteUser } from './profile/deleteUser.ts'
import { deleteUserAttributes } from './profile/deleteUserAttributes.ts'
import { getUser } from './profile/getUser.ts'
import { getUserAttributeVerificationCode } from './profile/getUserAttributeVerificationCode.ts'
import { getUserAuthFactors } from './profile/getUserAuthFactors.ts'
import { updateUserAttributes } from './profile/updateUserAttributes.ts'
import { verifyUserAttribute } from './profile/verifyUserAttribute.ts'
import { adminDeleteRecoveryCodes } from './recovery-codes/adminDeleteRecoveryCodes.ts'
import { adminDescribeRecoveryCodes } from './recovery-codes/adminDescribeRecoveryCodes.ts'
import { createRecoveryCodes } from './recovery-codes/createRecoveryCodes.ts'
import { deleteRecoveryCodes } from './recovery-codes/deleteRecoveryCodes.ts'
import { describeRecoveryCodes } from './recovery-codes/describeRecoveryCodes.ts'
import { getProvisionedLimit } from './request-rates/getProvisionedLimit.ts'
import { updateProvisionedLimit } from './request-rates/updateProvisionedLimit.ts'
import { createResourceServer } from './resource-servers/createResourceServer.ts'
import { deleteResourceServer } from './resource-servers/deleteResourceServer.ts'
import { describeResourceServer } from './resource-servers/describeResourceServer.ts'
import { listResourceServers } from './resource-servers/listResourceServers.ts'
import { updateResourceServer } from './resource-servers/updateResourceServer.ts'
import { adminListUserSessions } from './sessions/adminListUserSessions.ts'
import { adminRevokeUserSession } from './sessions/adminRevokeUserSession.ts'
import { getUserPoolClientSessionConfiguration } from './sessions/getUserPoolClientSessionConfiguration.ts'
import { getUserPoolSessionConfiguration } from './sessions/getUserPoolSessionConfiguration.ts'
import { listUserSessions } from './sessions/listUserSessions.ts'
import { revokeUserSession } from './sessions/revokeUserSession.ts'
import { setUserPoolClientSessionConfiguration } from './sessions/setUserPoolClientSessionConfiguration.ts'
import { setUserPoolSessionConfiguration } from './sessions/setUserPoolSessionConfiguration.ts'
import { adminInitiateAuth } from './sign-in/adminInitiateAuth.ts'
import { adminRespondToAuthChallenge } from './sign-in/adminRespondToAuthChallenge.ts'
import { getTokensFromRefreshToken } from './sign-in/getTokensFromRefreshToken.ts'
import { globalSignOut } from './sign-in/globalSignOut.ts'
import { initiateAuth } from './sign-in/initiateAuth.ts'
import { respondToAuthChallenge } from './sign-in/respondToAuthChallenge.ts'
import { revokeToken } from './sign-in/revokeToken.ts'
import { confirmForgotPassword } from './sign-up/confirmForgotPassword.ts'
import { confirmSignUp } from './sign-up/confirmSignUp.ts'
import { forgotPassword } from './sign-up/forgotPassword.ts'
import { resendConfirmationCode } from './sign-up/resendConfirmationCode.ts'
import { signUp } from './sign-up/signUp.ts'
import { listTagsForResource } from './tags/listTagsForResource.ts'
import { tagResource } from './tags/tagResource.ts'
import { untagResource } from './tags/untagResource.ts'
import { createTerms } from './terms/createTerms.ts'
import { deleteTerms } from './terms/deleteTerms.ts'
import { describeTerms } from './terms/describeTerms.ts'
import { describeTermsByClient } from './terms/describeTermsByClient.ts'
import { listTerms } from './terms/listTerms.ts'
import { updateTerms } from './terms/updateTerms.ts'
import { adminListUserAuthEvents } from './threats/adminListUserAuthEvents.ts'
import { adminUpdateAuthEventFeedback } from './threats/adminUpdateAuthEventFeedback.ts'
import { describeRiskConfiguration } from './threats/describeRiskConfiguration.ts'
import { setRiskConfiguration } from './threats/setRiskConfiguration.ts'
import { updateAuthEventFeedback } from './threats/updateAuthEventFeedback.ts'
import { getClientToken } from './tokens/getClientToken.ts'
import { getUICustomization } from './ui-customization/getUICustomization.ts'
import { setUICustomization } from './ui-customization/setUICustomization.ts'
import { createUserImportJob } from './user-import/createUserImportJob.ts'
import { describeUserImportJob } from './user-import/describeUserImportJob.ts'
import { getCSVHeader } from './user-import/getCSVHeader.ts'
import { getUserImportJobLog } from './user-import/getUserImportJobLog.ts'
import { listUserImportJobs } from './user-import/listUserImportJobs.ts'
import { startUserImportJob } from './user-import/startUserImportJob.ts'
import { stopUserImportJob } from './user-import/stopUserImportJob.ts'
import { addUserPoolClientSecret } from './user-pool-clients/addUserPoolClientSecret.ts'
import { createUserPoolClient } from './user-pool-clients/createUserPoolClient.ts'
import { deleteUserPoolClient } from './user-pool-clients/deleteUserPoolClient.ts'
import { deleteUserPoolClientSecret } from './user-pool-clients/deleteUserPoolClientSecret.ts'
import { describeUserPoolClient } from './user-pool-clients/describeUserPoolClient.ts'
import { listUserPoolClientSecrets } from './user-pool-clients/listUserPoolClientSecrets.ts'
import { listUserPoolClients } from './user-pool-clients/listUserPoolClients.ts'
import { updateUserPoolClient } from './user-pool-clients/updateUserPoolClient.ts'
import { addCustomAttributes } from './user-pools/addCustomAttributes.ts'
import { createUserPool } from './user-pools/createUserPool.ts'
import { deleteUserPool } from './user-pools/deleteUserPool.ts'
import { describeUserPool } from './user-pools/describeUserPool.ts'
import { listUserPools } from './user-pools/listUserPools.ts'
import { updateUserPool } from './user-pools/updateUserPool.ts'
import { adminConfirmSignUp } from './users/adminConfirmSignUp.ts'
import { adminCreateUser } from './users/adminCreateUser.ts'
import { adminDeleteUser } from './users/adminDeleteUser.ts'
import { adminDeleteUserAttributes } from './users/adminDeleteUserAttributes.ts'
import { adminDisableUser } from './users/adminDisableUser.ts'
import { adminEnableUser } from './users/adminEnableUser.ts'
import { adminGetUser } from './users/adminGetUser.ts'
import { adminGetUserAuthFactors } from './users/adminGetUserAuthFactors.ts'
import { adminResetUserPassword } from './users/adminResetUserPassword.ts'
import { adminSetUserPassword } from './users/adminSetUserPassword.ts'
import { adminUpdateUserAttributes } from './users/adminUpdateUserAttributes.ts'
import { adminUserGlobalSignOut } from './users/adminUserGlobalSignOut.ts'
import { listUsers } from './users/listUsers.ts'

export const cognitoIdpOperations: readonly AnyOperation[] = [
  addCustomAttributes,
  addUserPoolClientSecret,
  adminAddUserToGroup,
  adminConfirmSignUp,
  adminCreateUser,
  adminDeleteRecoveryCodes,
  adminDeleteSoftwareToken,
  adminDeleteUser,
  adminDeleteUserAttributes,
  adminDescribeRecoveryCodes,
  adminDisableProviderForUser,
  adminDisableUser,
  adminEnableUser,
  adminForgetDevice,
  adminGetDevice,
  adminGetUser,
  adminGetUserAuthFactors,
  adminInitiateAuth,
  adminLinkProviderForUser,
  adminListDevices,
  adminListGroupsForUser,
  adminListUserAuthEvents,
  adminListUserSessions,
  adminRemoveUserFromGroup,
  adminResetUserPassword,
  adminRespondToAuthChallenge,
  adminRevokeUserSession,
  adminSetUserMFAPreference,
  adminSetUserPassword,
  adminSetUserSettings,
  adminUpdateAuthEventFeedback,
  adminUpdateDeviceStatus,
  adminUpdateUserAttributes,
  adminUserGlobalSignOut,
  associateSoftwareToken,
  changePassword,
  completeWebAuthnRegistration,
  confirmDevice,
  confirmForgotPassword,
  confirmSignUp,
  createGroup,
  createIdentityProvider,
  createManagedLoginBranding,
  createRecoveryCodes,
  createResourceServer,
  createTerms,
  createUserPool,
  createUserPoolClient,
  createUserPoolDomain,
  deleteGroup,
  deleteIdentityProvider,
  deleteManagedLoginBranding,
  deleteRecoveryCodes,
  deleteResourceServer,
  deleteTerms,
  deleteUser,
  deleteUserAttributes,
  deleteUserPool,
  deleteUserPoolClient,
  deleteUserPoolClientSecret,
  deleteUserPoolDomain,
  deleteWebAuthnCredential,
  describeIdentityProvider,
  describeManagedLoginBranding,
  describeManagedLoginBrandingByClient,
  describeRecoveryCodes,
  describeResourceServer,
  describeRiskConfiguration,
  describeTerms,
  describeTermsByClient,
  describeUserPool,
  describeUserPoolClient,
  describeUserPoolDomain,
  forgetDevice,
  forgotPassword,
  getClientToken,
  getDevice,
  getGroup,
  getIdentityProviderByIdentifier,
  getSigningCertificate,
  getTokensFromRefreshToken,
  getLogDeliveryConfiguration,
  getUICustomization,
  getUser,
  getUserAttributeVerificationCode,
  getUserAuthFactors,
  getUserPoolClientSessionConfiguration,
  getUserPoolMfaConfig,
  getUserPoolSessionConfiguration,
  globalSignOut,
  initiateAuth,
  listDevices,
  listGroups,
  listIdentityProviders,
  listResourceServers,
  listTagsForResource,
  listTerms,
  listUserPoolClientSecrets,
  listUserPoolClients,
  listUserPools,
  listUserSessions,
  listUsers,
  listUsersInGroup,
  listWebAuthnCredentials,
  resendConfirmationCode,
  respondToAuthChallenge,
  revokeToken,
  revokeUserSession,
  setLogDeliveryConfiguration,
  setRiskConfiguration,
  setUICustomization,
  setUserMFAPreference,
  setUserPoolClientSessionConfiguration,
  setUserPoolMfaConfig,
  setUserPoolSessionConfiguration,
  setUserSettings,
  signUp,
  startWebAuthnRegistration,
  tagResource,
  untagResource,
  updateAuthEventFeedback,
  updateDeviceStatus,
  updateGroup,
  updateIdentityProvider,
  updateManagedLoginBranding,
  updateResourceServer,
  updateTerms,
  updateUserAttributes,
  updateUserPool,
  updateUserPoolClient,
  updateUserPoolDomain,
  getProvisionedLimit,
  updateProvisionedLimit,
  verifySoftwareToken,
  createUserImportJob,
  describeUserImportJob,
  getCSVHeader,
  getUserImportJobLog,
  listUserImportJobs,
  startUserImportJob,
  stopUserImportJob,
  verifyUserAttribute,
]
