/** The three promises, each kept by the code and shown by its tests. */
import { getTranslations } from 'next-intl/server'

export async function Promises() {
  const t = await getTranslations('site.promise')
  return (
    <section aria-labelledby="promises">
      <h2 id="promises" className="sr-only">
        {t('title')}
      </h2>
      <ol className="grid gap-x-10 gap-y-8 md:grid-cols-3">
        {(['kept', 'why', 'own'] as const).map((key) => (
          <li key={key} className="border-t-2 border-accent-line pt-4">
            <h3 className="text-lg">{t(`${key}.title`)}</h3>
            <p className="mt-2 text-base text-pretty text-ink-2">{t(`${key}.text`)}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}
