/** Ten recovery codes, shown this one time: to copy, to download, to write down. */
'use client'

import Download from 'lucide-react/icons/download'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { Button } from '@/app/_ui/button'
import { CopyButton } from '@/app/_ui/copy-button'
import { saveAs } from '@/app/_ui/download'

interface Props {
  codes: string[]
  email: string
  onKept: () => void
  heading?: 'h2' | 'h3'
}

export function RecoveryCodes({ codes, email, onKept, heading: Heading = 'h3' }: Props) {
  const t = useTranslations('identity.twoStep')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const text = `${[t('file', { email }), '', ...codes].join('\n')}\n`
  return (
    <section className="flex animate-appear flex-col gap-4">
      <div>
        <Heading ref={heading} tabIndex={-1} className="font-medium outline-none">
          {t('codesTitle')}
        </Heading>
        <p className="text-pretty text-ink-2">{t('codesLead')}</p>
      </div>
      <ol className="grid gap-x-6 gap-y-1.5 rounded-md bg-canvas p-3 sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>
            <code className="numbers select-all">{code}</code>
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={codes.join('\n')} label={t('copyAll')} />
        <Button onClick={() => saveAs('lingxi-recovery-codes.txt', new Blob([text], { type: 'text/plain' }))}>
          <Download aria-hidden />
          {t('download')}
        </Button>
      </div>
      <Button look="primary" className="self-start" onClick={onKept}>
        {t('kept')}
      </Button>
    </section>
  )
}
