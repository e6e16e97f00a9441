/** The page around every page: language, theme and density are right in the first bytes, without a script. */
import './globals.css'
import type { Metadata, Viewport } from 'next'
import localFont from 'next/font/local'
import { cookies } from 'next/headers'
import { NextIntlClientProvider } from 'next-intl'
import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { lookCookie, readLook } from './_ui/look'
import { PreferencesProvider } from './_ui/preferences'
import { Toaster } from './_ui/toast'
import { TooltipLayer } from './_ui/tooltip'
import { Words } from './_ui/words'

const inter = localFont({
  src: '../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  weight: '100 900',
  variable: '--font-inter',
  display: 'swap',
})

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('common')
  return {
    title: { default: t('product'), template: `%s · ${t('product')}` },
    icons: { icon: [{ url: '/icon.svg', type: 'image/svg+xml' }] },
    formatDetection: { telephone: false, email: false, address: false },
  }
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f7f9' },
    { media: '(prefers-color-scheme: dark)', color: '#0e0f13' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale()
  const look = readLook((await cookies()).get(lookCookie)?.value)
  return (
    <html
      lang={locale}
      className={inter.variable}
      data-theme={look.theme === 'system' ? undefined : look.theme}
      data-density={look.density}
    >
      <body>
        <NextIntlClientProvider messages={{}}>
          <Words names={['common', 'errors']}>
            <PreferencesProvider initial={look}>
              {children}
              <Toaster />
              <TooltipLayer />
            </PreferencesProvider>
          </Words>
        </NextIntlClientProvider>
      </body>
    </html>
  )
}
