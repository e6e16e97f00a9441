/**
 * What a page shows when its own code failed: words, and a way on. Every page carries this file, so it leans on nothing that
 * would come with it a second time.
 */
'use client'

import { useTranslations } from 'next-intl'

export default function PageError() {
  const t = useTranslations()
  return (
    <main className="grid min-h-dvh place-items-center">
      <div role="alert" className="flex max-w-sm flex-col items-center gap-2 px-6 text-center">
        <h1 className="text-lg">{t('errors.unexpected.title')}</h1>
        <p className="text-pretty text-ink-2">{t('errors.unexpected.detail')}</p>
        <button type="button" className="btn btn-plain mt-3" onClick={() => window.location.reload()}>
          {t('common.retry')}
        </button>
      </div>
    </main>
  )
}
