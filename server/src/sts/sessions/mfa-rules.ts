// MFA devices of IAM users do not exist here, so every code is refused.

/** The text of AccessDenied for a request with a code or a device; undefined without. */
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
