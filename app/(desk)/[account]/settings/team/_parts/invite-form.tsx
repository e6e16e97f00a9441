/** Invites someone by e-mail with a role. */
'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useApi } from '@/app/_ui/account'
import { ApiError } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { useErrorWords } from '@/app/_ui/error-words'
import { Field } from '@/app/_ui/field'
import { Input, Select } from '@/app/_ui/input'
import { toast, toastError } from '@/app/_ui/toast'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import { canManageBilling } from '@/lib/features/accounts/permissions'
import { ChargedPeople } from '../../_parts/charged'
import { type Myself, type Role, useKeys } from './data'

const aboutEmail = new Set(['email_invalid', 'already_member', 'invalid_input'])

/** @param people how many members there are; 0 where that is not known yet */
export function InviteForm({
  grantable,
  seat,
  role: myRole,
  people,
}: Pick<Myself, 'grantable' | 'seat' | 'role'> & { people: number }) {
  const t = useTranslations('team.invite')
  const name = useTranslations('common.role')
  const locale = useLocale()
  const api = useApi()
  const client = useQueryClient()
  const keys = useKeys()
  const wordsOf = useErrorWords()
  const input = useRef<HTMLInputElement>(null)
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('agent')
  const invite = useMutation({
    mutationFn: () => api.post('invitations', { email, role }),
    onSuccess: () => {
      toast(t('done', { email }))
      setEmail('')
      input.current?.focus()
      void client.invalidateQueries({ queryKey: keys.invitations })
    },
    onError: (error) => {
      if (error instanceof ApiError && aboutEmail.has(error.code)) input.current?.focus()
      else toastError(error)
    },
  })
  const failure = invite.error instanceof ApiError && aboutEmail.has(invite.error.code) ? wordsOf(invite.error) : null
  return (
    <form
      noValidate
      aria-labelledby="invite"
      className="panel p-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!invite.isPending) invite.mutate()
      }}
    >
      <h2 id="invite" className="mb-3 text-lg">
        {t('title')}
      </h2>
      <div className="flex flex-wrap items-start gap-3">
        <Field
          label={t('email')}
          error={failure ? `${failure.title}. ${failure.detail}` : undefined}
          className="min-w-0 flex-1 basis-56"
        >
          <Input
            ref={input}
            type="email"
            autoComplete="off"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field label={t('role')} className="basis-32">
          <Select value={role} onChange={(event) => setRole(event.target.value as Role)}>
            {grantable.map((one) => (
              <option key={one} value={one}>
                {name(one)}
              </option>
            ))}
          </Select>
        </Field>
        <Button type="submit" look="primary" busy={invite.isPending} className="mt-6">
          {t('action')}
        </Button>
      </div>
      {seat ? (
        <p className="mt-3 text-pretty text-ink-2">
          {t(`costs.${seat.interval}`, { price: formatPrice(seat.each, seat.currency, locale) })}{' '}
          {people && canManageBilling({ role: myRole }) ? <ChargedPeople people={people + 1} name="more" /> : null}
        </p>
      ) : null}
    </form>
  )
}
