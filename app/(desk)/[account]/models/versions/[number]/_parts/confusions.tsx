/** What was taken for what, the most frequent first; a press shows the messages. */
'use client'

import { useTranslations } from 'next-intl'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { Judged } from '@/lib/features/learning/judge'

/** Rarer ones are chance. */
const most = 12

export function Confusions({
  judged,
  onOpen,
}: {
  judged: Judged
  /** An empty guess is anything that is none of the texts' intents. */
  onOpen: (truth: string, guess: string) => void
}) {
  const t = useTranslations('models.report')
  const nameOf = useIntentName()
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg">{t('confusions')}</h2>
      {judged.confusions.length ? (
        <ul className="panel divide-y divide-line">
          {judged.confusions.slice(0, most).map(({ truth, guess, count }) => (
            <li key={`${truth} ${guess}`}>
              <button
                type="button"
                onClick={() => {
                  onOpen(truth, guess)
                  document.getElementById('texts')?.scrollIntoView({ block: 'start' })
                }}
                className="flex w-full items-center gap-3 px-4 py-2 text-start hover:bg-hover"
              >
                <span className="min-w-0 flex-1">
                  {t('confusion', { truth: nameOf(truth), guess: guess ? nameOf(guess) : t('otherIntent') })}
                </span>
                <span className="numbers text-ink-3">{t('times', { count })}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-ink-2">{t('noConfusion')}</p>
      )}
    </section>
  )
}
