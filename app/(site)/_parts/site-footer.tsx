/** The foot of public pages: where the name comes from, the state of the service, and the looks. */
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { ThemeChoice } from './theme-choice'

export async function SiteFooter() {
  const t = await getTranslations('site')
  return (
    <footer className="flex flex-wrap items-center gap-x-6 gap-y-4 border-t border-line py-8 text-ink-3">
      <p className="max-w-lg min-w-0 flex-1 basis-80 text-pretty">{t('name')}</p>
      <Link href="/pricing" className="rounded-sm underline-offset-4 hover:underline">
        {t('footer.pricing')}
      </Link>
      <Link href="/status" className="rounded-sm underline-offset-4 hover:underline">
        {t('footer.status')}
      </Link>
      <span>Apache-2.0</span>
      <ThemeChoice />
    </footer>
  )
}
