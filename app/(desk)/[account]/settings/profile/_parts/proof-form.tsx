/** Asks for a code or the password before something about the sign-in changes. */
'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { CodeInput } from '@/app/(site)/sign-in/_parts/code-input'
import { Failure } from '@/app/(site)/sign-in/_parts/failure'
import { PasswordInput } from '@/app/(site)/sign-in/_parts/password-input'
import { useSubmit } from '@/app/(site)/sign-in/_parts/use-submit'

export type Proof = { code: string } | { password: string }

interface Props {
  lead: string
  hasPassword: boolean
  action: string
  danger?: boolean
  onProof: (proof: Proof) => Promise<void>
}

export function ProofForm({ lead, hasPassword, action, danger, onProof }: Props) {
  const t = useTranslations('identity.twoStep')
  const [byCode, setByCode] = useState(true)
  const { busy, failure, about, onSubmit } = useSubmit(['code', 'current'])
  const send = ({ code, current = '' }: Record<string, string>) =>
    onProof(code === undefined ? { password: current } : { code })
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={onSubmit(send)}>
      <p className="text-pretty">
        {lead} {t('proof')}
      </p>
      <Failure failure={failure} />
      {byCode ? (
        <Field key="code" label={t('proofCode')} error={about('code')}>
          <CodeInput kind="any" autoFocus />
        </Field>
      ) : (
        <Field key="password" label={t('password')} error={about('current')}>
          <PasswordInput name="current" autoComplete="current-password" autoFocus required />
        </Field>
      )}
      <div className="flex flex-wrap justify-between gap-2">
        {hasPassword ? (
          <Button look="ghost" className="-ms-3" onClick={() => setByCode(!byCode)}>
            {t(byCode ? 'usePassword' : 'useCode')}
          </Button>
        ) : (
          <span />
        )}
        <Button type="submit" look={danger ? 'danger' : 'primary'} busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  )
}
