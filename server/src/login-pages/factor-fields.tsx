// What the pages of factors have in common: a button for each way, and the field of a code.
import { Field, type Frame } from './frame.tsx'
import type { Words } from './languages/en.ts'

/** A button for each of these challenges; the answer is its name. A field that is required need not be filled in for them. */
export function Choices({
  frame,
  of,
  labels,
}: {
  frame: Frame
  of: readonly string[]
  labels: Readonly<Record<string, keyof Words>>
}) {
  return (
    <>
      {of.map((name) => (
        <button type="submit" name="answer" value={name} class="choice" formnovalidate>
          {frame.language.words[labels[name] ?? 'code']}
        </button>
      ))}
    </>
  )
}

interface CodeFieldProps {
  label: string
  autofocus?: boolean
  /** Also for a recovery code, which has letters: the keyboard of a phone must have them. */
  letters?: boolean
  hint?: string | undefined
}

export const CodeField = ({ label, autofocus = true, letters, hint }: CodeFieldProps) => (
  <Field
    name="code"
    label={label}
    autocomplete="one-time-code"
    class="code"
    autofocus={autofocus}
    {...(!letters && { inputmode: 'numeric' })}
    {...(hint !== undefined && { hint })}
  />
)
