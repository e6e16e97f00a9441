/** Name and language. */
'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { Field } from '@/app/_ui/field'
import { Input, Select } from '@/app/_ui/input'
import { languageNames, useSetLocale } from '@/app/_ui/language'
import { toast, toastError } from '@/app/_ui/toast'
import { type MyProfile, meKey } from './data'

export function Person({ user }: { user: MyProfile }) {
  const t = useTranslations('profile')
  const common = useTranslations('common')
  const page = useLocale()
  const setLocale = useSetLocale()
  const client = useQueryClient()
  const [name, setName] = useState(user.name)
  const [locale, setChosen] = useState<MyProfile['locale']>(page)
  const save = useMutation({
    mutationFn: () => api.patch<{ user: MyProfile }>('me', { name: name.trim(), locale }),
    onSuccess: (answer) => {
      client.setQueryData(meKey, answer)
      if (locale !== page) setLocale(locale)
      toast(common('saved'))
    },
    onError: (error) => void toastError(error),
  })
  return (
    <form
      noValidate
      aria-labelledby="person"
      className="panel flex flex-col gap-4 p-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() && !save.isPending) save.mutate()
      }}
    >
      <h2 id="person" className="text-lg">
        {t('person')}
      </h2>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('name')} hint={t('nameHint')}>
          <Input
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="name"
            maxLength={100}
            required
          />
        </Field>
        <Field label={t('language')}>
          <Select value={locale} onChange={(event) => setChosen(event.target.value as MyProfile['locale'])}>
            {languageNames.map(([code, label]) => (
              <option key={code} value={code} lang={code}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <div>
        <p className="font-medium">{t('email')}</p>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
          <span className="wrap-anywhere">{user.email}</span>
          {user.verified ? <Chip tone="good">{t('confirmed')}</Chip> : null}
        </p>
        {user.verified ? null : <Unconfirmed email={user.email} />}
      </div>
      <Button type="submit" look="primary" busy={save.isPending} className="self-start">
        {common('save')}
      </Button>
    </form>
  )
}

function Unconfirmed({ email }: { email: string }) {
  const t = useTranslations('profile')
  const mail = useMutation({
    mutationFn: () => api.post('me/confirm/mail'),
    onSuccess: () => void toast(t('mailed', { email })),
    onError: (error) => void toastError(error),
  })
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-warn-ink">
      {t('unconfirmed')}
      <Button size="small" look="ghost" busy={mail.isPending} onClick={() => mail.mutate()}>
        {t('mailAgain')}
      </Button>
    </p>
  )
}
