// Multi-factor devices of users of IAM: there are none here, so no code of one is right.

/** The text of AccessDenied for a request that shows a code; undefined when it shows none. */
export function mfaProblem({
  SerialNumber,
  TokenCode,
}: {
  SerialNumber?: string
  TokenCode?: string
}): string | undefined {
  if (SerialNumber === undefined && TokenCode === undefined) return undefined
  return SerialNumber === undefined || TokenCode === undefined
    ? 'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.'
    : 'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.'
}
