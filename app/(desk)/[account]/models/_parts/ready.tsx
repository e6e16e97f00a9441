/** What there is to learn from, and where more comes from. */
'use client'

import ListChecks from 'lucide-react/icons/list-checks'
import Tags from 'lucide-react/icons/tags'
import { useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { ButtonLink } from '@/app/_ui/button'
import type { LearningState } from '../_data/learning'

export function Ready({ learning }: { learning: LearningState }) {
  const t = useTranslations('models.ready')
  const account = useAccount()
  const { texts, own, tooFew } = learning.learned
  return (
    <section aria-labelledby="to-learn" className="panel flex flex-col gap-3 p-5">
      <h2 id="to-learn" className="text-xs font-medium text-ink-3">
        {t('title')}
      </h2>
      <div>
        <p className="numbers text-lg font-semibold">{t('texts', { texts })}</p>
        <p className="text-ink-2">{t('own', { own })}</p>
        {tooFew ? (
          <p className="text-warn-ink">{t('tooFew', { count: tooFew, least: learning.fewestExamples })}</p>
        ) : null}
      </div>
      <div className="mt-auto flex flex-col gap-2">
        <ButtonLink href={`/${account}/models/review`}>
          <ListChecks aria-hidden />
          {t('review')}
        </ButtonLink>
        <ButtonLink href={`/${account}/models/intents`} look="ghost">
          <Tags aria-hidden />
          {t('intents')}
        </ButtonLink>
      </div>
    </section>
  )
}
