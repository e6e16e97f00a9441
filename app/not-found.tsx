/** What an address without a page shows. */
import { getTranslations } from 'next-intl/server'
import { ButtonLink } from './_ui/button'
import { Mark } from './_ui/mark'

export default async function NotFound() {
  const t = await getTranslations('site.notFound')
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="flex max-w-sm flex-col items-center gap-3 text-center">
        <Mark className="size-10 text-accent-ink" />
        <h1 className="text-xl">{t('title')}</h1>
        <p className="text-ink-2">{t('detail')}</p>
        <ButtonLink href="/" className="mt-2">
          {t('home')}
        </ButtonLink>
      </div>
    </main>
  )
}
