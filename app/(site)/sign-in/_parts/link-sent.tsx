/** After a link was asked for: the same words whether anyone has this address. */
'use client'

import MailCheck from 'lucide-react/icons/mail-check'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { Button } from '@/app/_ui/button'

export function LinkSent({ email, held, back }: { email: string; held: boolean; back: () => void }) {
  const t = useTranslations('identity.sent')
  const heading = useRef<HTMLHeadingElement>(null)
  // The form is gone: the focus goes on to what took its place.
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className="flex animate-appear flex-col items-start gap-3">
      <span aria-hidden className="grid size-11 place-items-center rounded-lg bg-good-soft text-good-ink">
        <MailCheck className="size-5" />
      </span>
      <h2 ref={heading} tabIndex={-1} className="text-lg outline-none">
        {t('title')}
      </h2>
      <p className="text-base text-pretty text-ink-2 wrap-anywhere">{t('lead', { email })}</p>
      {held ? <p className="rounded-md bg-warn-soft px-3 py-2 text-warn-ink">{t('held')}</p> : null}
      <Button className="mt-2" onClick={back}>
        {t('back')}
      </Button>
    </section>
  )
}
