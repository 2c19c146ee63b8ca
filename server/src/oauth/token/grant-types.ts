// The names of grants that are addresses.

/** RFC 8628 3.4. */
export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** RFC 8693 2.1. */
export const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
