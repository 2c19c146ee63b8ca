// Where a model says less, or something else, than the service itself sends: traits of shapes that are replaced when the
// contract is generated. The stored models stay as they were published.

/** Service -> shape -> traits, each with what was seen at the service. */
const corrections = {
  'cognito-idp': {
    // The documents of GetClientToken name ALLOW_CLIENT_TOKEN_AUTH, which the enum lacks (docs/reference/user-pools.md 6.1).
    ExplicitAuthFlowsType: {
      enum: [
        'ADMIN_NO_SRP_AUTH',
        'CUSTOM_AUTH_FLOW_ONLY',
        'USER_PASSWORD_AUTH',
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'ALLOW_CUSTOM_AUTH',
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_USER_SRP_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
        'ALLOW_USER_AUTH',
        'ALLOW_CLIENT_TOKEN_AUTH',
      ],
    },
    // Sentences, where the pattern of the model is that of one word (docs/reference/user-pools.md 16).
    CompletionMessageType: { pattern: '[\\s\\S]+' },
  },
  iam: {
    // Answers say `Policy`; the value of the model was never seen (docs/reference/identity-pools-sts-iam-sync.md 18.3).
    PermissionsBoundaryAttachmentType: { enum: ['Policy', 'PermissionsBoundaryPolicy'] },
    // The root's id is the account's: 12 digits.
    idType: { min: 12 },
  },
}

/** The model of a service as the service is. Throws when a shape to be corrected is not there any more. */
export function corrected(service, aws) {
  const shapes = { ...aws.shapes }
  for (const [name, traits] of Object.entries(corrections[service] ?? {})) {
    if (!shapes[name])
      throw new Error(`contract/corrections.mjs corrects ${service} ${name}, which is not in the model`)
    shapes[name] = { ...shapes[name], ...traits }
  }
  return { ...aws, shapes }
}
