// Which names that belong to nobody seem to have a passkey (decoy-passkey.ts). Pure.

/**
 * Whether a name that belongs to nobody seems to have a passkey: half of the names do, so that neither answer tells
 * whether there is a user. `subject`: its subjectOfUnknown, a MAC.
 */
export const seemsToHavePasskey = (subject: string): boolean => subject.charCodeAt(1) % 2 === 0
