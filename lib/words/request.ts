/** What next-intl asks on every request: the language, its words and the person's time zone. */
import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { chooseLocale, localeCookie } from './locale'
import { words } from './namespaces'

export default getRequestConfig(async () => {
  const jar = await cookies()
  const locale = chooseLocale(jar.get(localeCookie)?.value, (await headers()).get('accept-language'))
  // Times are shown by the browser in its own zone (see `app/_ui/time.tsx`); the server only needs a fixed one.
  return { locale, messages: words[locale], timeZone: 'UTC' }
})
