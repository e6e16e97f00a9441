/** The field for the name of a new intent, with what the server says of it. */
'use client'

import { useErrorWords } from '@/app/_ui/error-words'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { UpgradeLink } from '@/app/_ui/upgrade'

export function IntentName({
  label,
  value,
  error,
  onChange,
}: {
  label: string
  value: string
  error: unknown
  onChange: (name: string) => void
}) {
  const words = useErrorWords()
  return (
    <Field
      label={label}
      error={
        error ? (
          <>
            {words(error).title}. <UpgradeLink error={error} />
          </>
        ) : undefined
      }
      className="min-w-0 flex-1 basis-56"
    >
      <Input
        value={value}
        maxLength={60}
        required
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
