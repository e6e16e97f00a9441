/** Which websites may show the chat: each change holds at once and can be undone. */
'use client'

import Globe from 'lucide-react/icons/globe'
import LockOpen from 'lucide-react/icons/lock-open'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { normalOrigin } from '@/lib/features/inboxes/rules'
import { Section } from '../../_parts/page-frame'
import { type InboxSettings, useChangeInbox } from './data'

/** Machines of one's own need no encryption. */
const isLocal = (origin: string): boolean => /^http:\/\/(localhost|127\.|\[::1\])/.test(origin)

export function Origins({ inbox, may }: { inbox: InboxSettings; may: boolean }) {
  const t = useTranslations('settings.inbox.origins')
  const change = useChangeInbox(inbox)
  const origins = inbox.allowedOrigins
  const remove = (origin: string) =>
    void change({ allowedOrigins: origins.filter((one) => one !== origin) }, t('removed', { origin }))
  return (
    <Section title={t('title')} lead={t('lead')}>
      {may ? (
        <AddOrigin
          onAdd={(origin) => change({ allowedOrigins: [...new Set([...origins, origin])] }, t('added', { origin }))}
        />
      ) : null}
      {origins.length ? (
        <ul aria-label={t('now')} className="panel divide-y divide-line">
          {origins.map((origin) => (
            <li key={origin} className="flex min-h-10 items-center gap-2.5 ps-3 pe-1.5">
              <Globe aria-hidden className="size-4 flex-none text-ink-3" />
              <span className="min-w-0 flex-1 truncate font-mono text-xs">{origin}</span>
              {origin.startsWith('http://') && !isLocal(origin) ? (
                <Chip tone="warn">
                  <LockOpen aria-hidden />
                  {t('insecure')}
                </Chip>
              ) : null}
              {may ? (
                <button
                  type="button"
                  aria-label={t('remove', { origin })}
                  data-tip={t('remove', { origin })}
                  onClick={() => remove(origin)}
                  className="grid size-7 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
                >
                  <X aria-hidden className="size-4" />
                </button>
              ) : null}
            </li>
          ))}
        </ul>
      ) : (
        <p className="flex gap-2 rounded-md border border-warn-line bg-warn-soft px-3 py-2 text-warn-ink">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 flex-none" />
          {t('any')}
        </p>
      )}
    </Section>
  )
}

function AddOrigin({ onAdd }: { onAdd: (origin: string) => Promise<boolean> }) {
  const t = useTranslations('settings.inbox.origins')
  const [typed, setTyped] = useState('')
  const [bad, setBad] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const origin = normalOrigin(typed)
    setBad(origin === null)
    if (origin === null) return
    setTyped('')
    if (!(await onAdd(origin))) setTyped(origin)
  }
  return (
    <form onSubmit={submit} className="flex items-start gap-2" noValidate>
      <Field
        label={<span className="sr-only">{t('label')}</span>}
        error={bad ? t('bad') : undefined}
        className="max-w-md flex-1 gap-0!"
      >
        <Input
          value={typed}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
          placeholder="https://shop.example"
          onChange={(event) => {
            setTyped(event.target.value)
            setBad(false)
          }}
        />
      </Field>
      <Button type="submit" disabled={!typed.trim()}>
        {t('add')}
      </Button>
    </form>
  )
}
