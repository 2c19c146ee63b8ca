// Says who signs in, as it was typed, to people and to password managers.
import type { Frame } from '../frame.tsx'
import { filled } from '../languages.ts'
import type { Pending } from '../sign-in.tsx'

export function WhoSignsIn({ frame, pending: { typed } }: { frame: Frame; pending: Pending }) {
  return (
    <>
      <p class="lead">{filled(frame.language.words.signingInAs, { name: typed })}</p>
      <input type="text" name="username" value={typed} autocomplete="username" hidden />
    </>
  )
}
