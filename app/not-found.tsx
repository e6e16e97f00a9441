/** What an address without a page shows. */
import { getTranslations } from 'next-intl/server'
import { Mark } from './_ui/mark'

export default async function NotFound() {
  const t = await getTranslations('site.notFound')
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="flex max-w-sm flex-col items-center gap-3 text-center">
        <Mark className="size-10 text-accent-ink" />
        <h1 className="text-xl">{t('title')}</h1>
        <p className="text-ink-2">{t('detail')}</p>
        {/* A plain link: this page comes along with every other, and would bring the router's link a second time. */}
        <a href="/" className="btn btn-plain mt-2">
          {t('home')}
        </a>
      </div>
    </main>
  )
}
