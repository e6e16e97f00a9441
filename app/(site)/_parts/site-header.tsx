/** The head of public pages: the mark, prices, the language, and the way in. */
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { ButtonLink } from '@/app/_ui/button'
import { Mark } from '@/app/_ui/mark'
import { LanguageButton } from './language-button'

/** @param known somebody is signed in: then the way in is to their desk */
export async function SiteHeader({ known = false }: { known?: boolean }) {
  const t = await getTranslations('site')
  const common = await getTranslations('common')
  return (
    <header className="flex h-16 items-center gap-1">
      <Link
        href="/"
        aria-label={t('home')}
        className="-ms-1 flex items-center gap-2 rounded-md p-1 text-lg font-semibold"
      >
        <Mark className="size-7 text-accent-ink" />
        {common('product')}
      </Link>
      <span className="flex-1" />
      {/* Where there is no room for it, the foot of the page has it, too. */}
      <ButtonLink href="/pricing" look="ghost" className="max-sm:hidden">
        {t('footer.pricing')}
      </ButtonLink>
      <LanguageButton />
      {known ? (
        <ButtonLink href="/accounts?home" look="ghost" className="-me-3">
          {t('desk')}
        </ButtonLink>
      ) : (
        <ButtonLink href="/sign-in" look="ghost" className="-me-3">
          {t('signIn')}
        </ButtonLink>
      )}
    </header>
  )
}
