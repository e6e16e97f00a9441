/** What was taken for what, as a table of the intents that are confused most; a cell shows the messages behind it. */
'use client'

import { useTranslations } from 'next-intl'
import { Table, Th } from '@/app/_ui/table'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { Judged } from '@/lib/features/learning/judge'

/** More would not fit beside each other. */
const most = 8

type Open = (truth: string, guess: string) => void

export function Confusions({
  judged,
  onOpen,
}: {
  judged: Judged
  /** An empty guess is anything that is none of the texts' intents. */
  onOpen: Open
}) {
  const t = useTranslations('models.report')
  const open: Open = (truth, guess) => {
    onOpen(truth, guess)
    document.getElementById('texts')?.scrollIntoView({ block: 'start' })
  }
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg">{t('confusions')}</h2>
      {judged.confusions.length ? (
        <>
          <p className="text-ink-2">{t('matrixLead')}</p>
          <Matrix judged={judged} open={open} />
        </>
      ) : (
        <p className="text-ink-2">{t('noConfusion')}</p>
      )}
    </section>
  )
}

/** Intents in the order of their share in mistakes; the diagonal is what was right. */
function Matrix({ judged, open }: { judged: Judged; open: Open }) {
  const t = useTranslations('models.report')
  const nameOf = useIntentName()
  const wrong = new Map<string, number>()
  for (const { truth, guess, count } of judged.confusions)
    for (const key of [truth, guess]) wrong.set(key, (wrong.get(key) ?? 0) + count)
  const by = (a: string, b: string) => (wrong.get(b) ?? 0) - (wrong.get(a) ?? 0)
  const truths = [...new Set(judged.confusions.map(({ truth }) => truth))].sort(by).slice(0, most)
  const guesses = [...new Set([...truths, ...judged.confusions.map(({ guess }) => guess)])].sort(by).slice(0, most)
  const countOf = (truth: string, guess: string) =>
    judged.confusions.find((one) => one.truth === truth && one.guess === guess)?.count ?? 0
  const rightOf = (truth: string) => {
    const figures = judged.intents.find(({ label }) => label === truth)
    return figures ? Math.round(figures.recall * figures.support) : 0
  }
  const named = (key: string) => (key ? nameOf(key) : t('otherIntent'))
  return (
    <div className="panel overflow-hidden">
      <Table label={t('confusions')}>
        <thead>
          <tr>
            <Th>{t('matrixCorner')}</Th>
            {guesses.map((guess) => (
              <Th key={guess} number>
                {named(guess)}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {truths.map((truth) => (
            <tr key={truth}>
              <th scope="row" className="max-w-48 truncate text-start font-medium">
                {named(truth)}
              </th>
              {guesses.map((guess) => {
                const count = guess === truth ? rightOf(truth) : countOf(truth, guess)
                return (
                  <td key={guess} className="number">
                    {guess === truth ? (
                      <span className="text-good-ink">{count}</span>
                    ) : count ? (
                      <button
                        type="button"
                        className="min-h-6 min-w-6 rounded-sm px-1 font-semibold text-bad-ink underline hover:bg-hover"
                        aria-label={`${t('confusion', { truth: named(truth), guess: named(guess) })}, ${t('times', { count })}`}
                        onClick={() => open(truth, guess)}
                      >
                        {count}
                      </button>
                    ) : (
                      <span className="text-ink-3">·</span>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
