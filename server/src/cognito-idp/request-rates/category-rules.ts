// The categories that Cognito counts requests of user pools by, and which operation is of which
// (docs/reference/user-pools.md 19). Pure.

interface Category {
  /** Cognito's quota: requests a second of an account in one region. */
  readonly quota: number
  readonly operations: readonly string[]
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** By name, as `Category` of a LimitDefinition has it. */
export const categories = {
  UserAuthentication: {
    quota: 120,
    operations: words('AdminInitiateAuth AdminRespondToAuthChallenge InitiateAuth RespondToAuthChallenge'),
  },
  UserCreation: {
    quota: 50,
    operations: words('AdminConfirmSignUp AdminCreateUser ConfirmSignUp SignUp'),
  },
  UserFederation: {
    quota: 25,
    operations: words('AdminDisableProviderForUser AdminLinkProviderForUser'),
  },
  UserAccountRecovery: {
    quota: 30,
    operations: words(
      'AdminResetUserPassword AdminSetUserPassword ChangePassword ConfirmForgotPassword ForgotPassword ResendConfirmationCode',
    ),
  },
  UserRead: {
    quota: 120,
    operations: words('AdminGetUser AdminGetUserAuthFactors GetUser GetUserAuthFactors'),
  },
  UserUpdate: {
    quota: 25,
    operations: words(`
      AdminDeleteUser AdminDeleteUserAttributes AdminDisableUser AdminEnableUser AdminUpdateUserAttributes
      AdminUserGlobalSignOut DeleteUser DeleteUserAttributes GlobalSignOut UpdateUserAttributes VerifyUserAttribute`),
  },
  UserToken: {
    quota: 120,
    operations: words('GetTokensFromRefreshToken RevokeToken'),
  },
  UserResourceRead: {
    quota: 50,
    operations: words(`
      AdminGetDevice AdminListDevices AdminListGroupsForUser AdminListUserAuthEvents AdminListUserSessions GetDevice
      GetUserAttributeVerificationCode ListDevices ListUserSessions ListWebAuthnCredentials AdminDescribeRecoveryCodes
      DescribeRecoveryCodes`),
  },
  UserResourceUpdate: {
    quota: 25,
    operations: words(`
      AdminAddUserToGroup AdminDeleteSoftwareToken AdminForgetDevice AdminRemoveUserFromGroup AdminRevokeUserSession
      AdminSetUserMFAPreference AdminSetUserSettings AdminUpdateAuthEventFeedback AdminUpdateDeviceStatus
      AssociateSoftwareToken CompleteWebAuthnRegistration ConfirmDevice DeleteWebAuthnCredential ForgetDevice
      RevokeUserSession SetUserMFAPreference SetUserSettings StartWebAuthnRegistration UpdateAuthEventFeedback
      UpdateDeviceStatus VerifySoftwareToken AdminDeleteRecoveryCodes CreateRecoveryCodes DeleteRecoveryCodes`),
  },
  UserList: { quota: 30, operations: words('ListUsers ListUsersInGroup ExportUsers') },
  UserPoolRead: { quota: 15, operations: words('DescribeUserPool ListUserPoolReplicas ListUserPools') },
  UserPoolUpdate: {
    quota: 15,
    operations: words(
      'CreateUserPool CreateUserPoolReplica DeleteUserPool DeleteUserPoolReplica PromoteUserPoolReplica UpdateUserPool UpdateUserPoolReplica',
    ),
  },
  UserPoolResourceRead: {
    quota: 20,
    operations: words(`
      DescribeIdentityProvider DescribeManagedLoginBranding DescribeManagedLoginBrandingByClient DescribeResourceServer
      DescribeRiskConfiguration DescribeTerms DescribeTermsByClient DescribeUserImportJob DescribeUserPoolDomain
      GetCSVHeader GetGroup GetIdentityProviderByIdentifier GetLogDeliveryConfiguration GetSigningCertificate
      GetUICustomization GetUserPoolMfaConfig GetUserPoolSessionConfiguration ListGroups ListIdentityProviders
      ListResourceServers ListTagsForResource ListTerms ListUserImportJobs GetUserImportJobLog`),
  },
  UserPoolResourceUpdate: {
    quota: 15,
    operations: words(`
      AddCustomAttributes CreateGroup CreateIdentityProvider CreateManagedLoginBranding CreateResourceServer CreateTerms
      CreateUserImportJob CreateUserPoolDomain DeleteGroup DeleteIdentityProvider DeleteManagedLoginBranding
      DeleteResourceServer DeleteTerms DeleteUserPoolDomain SetLogDeliveryConfiguration SetRiskConfiguration
      SetUICustomization SetUserPoolMfaConfig SetUserPoolSessionConfiguration StartUserImportJob StopUserImportJob
      TagResource UntagResource UpdateGroup UpdateIdentityProvider UpdateManagedLoginBranding UpdateResourceServer
      UpdateTerms UpdateUserPoolDomain`),
  },
  UserPoolClientRead: {
    quota: 15,
    operations: words(
      'DescribeUserPoolClient GetUserPoolClientSessionConfiguration ListUserPoolClientSecrets ListUserPoolClients',
    ),
  },
  UserPoolClientUpdate: {
    quota: 15,
    operations: words(`
      AddUserPoolClientSecret CreateUserPoolClient DeleteUserPoolClient DeleteUserPoolClientSecret
      SetUserPoolClientSessionConfiguration UpdateUserPoolClient`),
  },
  ClientAuthentication: { quota: 150, operations: words('GetClientToken') },
} as const satisfies Readonly<Record<string, Category>>

export type CategoryName = keyof typeof categories

export const isCategory = (name: string | undefined): name is CategoryName =>
  name !== undefined && Object.hasOwn(categories, name)

/** Answers to challenges are counted apart, with three times the rate of their category. */
const RESPONSES = 'RespondToAuthChallenge'
const RESPONSES_TIMES = 3

/** What the requests of an operation are counted by: of one category, and within it of one counter, how many times its rate. */
export interface Rate {
  readonly category: CategoryName
  readonly counter: string
  readonly times: number
}

const rates: ReadonlyMap<string, Rate> = new Map(
  (Object.keys(categories) as CategoryName[]).flatMap((category) =>
    categories[category].operations.map((operation): [string, Rate] => [
      operation,
      operation.endsWith(RESPONSES)
        ? { category, counter: `${category} responses`, times: RESPONSES_TIMES }
        : { category, counter: category, times: 1 },
    ]),
  ),
)

/** Of requests that are no operations: those of OAuth endpoints and login pages. */
export const rateOfCategory = (category: CategoryName): Rate => ({ category, counter: category, times: 1 })

/** Undefined for the operations that set these limits: whoever has set one too low can raise it. */
export const rateOf = (operation: string): Rate | undefined => rates.get(operation)

/** Reads and writes of a user are counted apart; operations that the user's rate knows are named by what they do. */
export const isRead = (operation: string): boolean => /^(?:Get|List|Describe)/.test(operation)
